import type { Database, Transaction } from "@/db/client"
import type { Clock } from "./clock"
import type { Log } from "./log"
import type { SecretBox } from "./secret"

/** Where a request came in; recorded in the audit log. */
export type Via = "dashboard" | "api" | "git" | "ssh" | "system"

/** Who asks. */
export type Actor =
  | { kind: "person"; userId: string; email: string; sessionId: string | null; via: Via }
  | { kind: "api_key"; userId: string; email: string; keyId: string; via: Via }
  | { kind: "run_container"; appId: string; appName: string; via: Via }
  | { kind: "system"; via: Via }
  | { kind: "anonymous"; via: Via }

/** What a verb needs and nothing else. Passed, never global. */
export interface Ctx {
  actor: Actor
  db: Database | Transaction
  clock: Clock
  log: Log
  secrets: SecretBox
  /** The asker's address, where there is one: for rate limits and the list of sessions. */
  ip: string | null
  userAgent: string | null
  /** Runs `work` in one transaction; inside one it joins it. */
  tx<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

export interface Parts {
  db: Database
  clock: Clock
  log: Log
  secrets: SecretBox
}

/** @param from who asks and from where. */
export function makeCtx(parts: Parts, from: { actor: Actor; ip?: string | null; userAgent?: string | null }): Ctx {
  return {
    ...parts,
    actor: from.actor,
    ip: from.ip ?? null,
    userAgent: from.userAgent ?? null,
    tx: (work) => parts.db.transaction(work),
  }
}

/** The person behind the actor, for what only people do. `null` for run containers, the system and strangers. */
export function userIdOf(actor: Actor): string | null {
  return actor.kind === "person" || actor.kind === "api_key" ? actor.userId : null
}
