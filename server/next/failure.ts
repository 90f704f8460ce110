import { randomBytes } from "node:crypto"
import { AppError } from "@/server/kernel/errors"
import type { Log } from "@/server/kernel/log"
import { refusalOf } from "@/server/kernel/refusal"

export type Failure = { refusal: AppError } | { refusal: null; requestId: string; message: string }

/** Sorts what was thrown: a refusal for the asker to read, or a bug that is logged and shows its request id only. */
export function failureOf(thrown: unknown, log: Log, at: string): Failure {
  const refusal = isDatabaseAway(thrown) ? DATABASE_AWAY : refusalOf(thrown)
  if (refusal) return { refusal }
  const requestId = randomBytes(6).toString("hex")
  log.error("a request failed", { requestId, at, error: thrown })
  return { refusal: null, requestId, message: `Something went wrong on our side. Request id: ${requestId}` }
}

const DATABASE_AWAY = new AppError("unavailable", "The database does not answer. Try again in a moment.", { retryAfterSeconds: 2 })

const CONNECTION_CODES = new Set(["CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECT_TIMEOUT", "ECONNREFUSED", "ENOENT", "57P01", "57P03"])

/** PostgreSQL restarting is no bug; drizzle wraps the driver's error as the cause. */
function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const { code, syscall } = thrown as { code?: unknown; syscall?: unknown }
  if (typeof code === "string" && CONNECTION_CODES.has(code)) return code !== "ENOENT" || syscall === "connect"
  return isDatabaseAway(thrown.cause)
}
