import { and, eq, isNull } from "drizzle-orm"
import { replicas } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import type { Ctx } from "@/server/kernel/context"
import { latestRelease } from "@/server/releases"
import { type HeldConfig, heldConfig } from "./held"
import { configHistory, configKeys } from "./queries"

/** An app's config without its values. Times are ISO 8601. */
export interface ConfigView {
  app: string
  role: Role
  keys: { key: string; setBy: string | null; setAt: string; isUndecryptable: boolean }[]
  /** Newest first. `added`, `changed`, `removed` are keys. */
  history: {
    number: number
    at: string
    release: number
    summary: string
    by: string | null
    added: string[]
    changed: string[]
    removed: string[]
  }[]
  /** The version that the next change makes. */
  nextVersion: number
  /** How many replicas a change replaces; 0 when nothing runs. */
  running: number
  /** What the newest release has and what runs has not. */
  held: HeldConfig | null
  /** What becomes of a change where nothing is said: the app's setting. */
  configChanges: "now" | "next_deploy"
  /** Before the first push there is nothing that could restart. */
  isDeployed: boolean
}

/** @throws AppError `not_found`. */
export async function configView(ctx: Ctx, name: string): Promise<ConfigView> {
  const app = await appFor(ctx, name, "config:see_keys")
  const [keys, history, latest, held, running] = await Promise.all([
    configKeys(ctx, app.name),
    configHistory(ctx, app.name, 30),
    latestRelease(ctx, app.name),
    heldConfig(ctx.db, app.id),
    ctx.db
      .select({ id: replicas.id })
      .from(replicas)
      .where(and(eq(replicas.appId, app.id), isNull(replicas.endedAt))),
  ])
  return {
    app: app.name,
    role: app.role,
    keys: keys.map(({ setAt, ...key }) => ({ ...key, setAt: setAt.toISOString() })),
    history: history.map(({ createdAt, ...version }) => ({ ...version, at: createdAt.toISOString() })),
    held,
    configChanges: app.settings.rollout.configChanges,
    nextVersion: latest.version + 1,
    running: Math.min(running.length, app.replicas),
    isDeployed: latest.slug !== null,
  }
}
