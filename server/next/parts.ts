import { connect } from "@/db/client"
import { systemClock } from "@/server/kernel/clock"
import type { Parts } from "@/server/kernel/context"
import { type Env, readEnv } from "@/server/kernel/env"
import { makeLog } from "@/server/kernel/log"
import { SecretBox } from "@/server/kernel/secret"

export interface ServerParts extends Parts {
  env: Env
}

/** Next bundles its routes apart from the process that serves them: what both share hangs on `globalThis`. */
const holder = globalThis as { phialParts?: ServerParts }

/** The parts that pages, actions and routes run on: one pool a process, made at the first request. Plain Node. */
export function serverParts(): ServerParts {
  holder.phialParts ??= makeParts(readEnv())
  return holder.phialParts
}

/** Gives the process's own parts to Next, so that both use one pool; called before the first request, and by tests. */
export function shareParts(parts: ServerParts): void {
  holder.phialParts = parts
}

function makeParts(env: Env): ServerParts {
  return { env, db: connect(env).db, clock: systemClock, log: makeLog("web"), secrets: new SecretBox(env.secretKeys) }
}
