import { eq, max } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { configEntries, configVersions } from "@/db/schema"
import { type App, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { fieldError, invariant } from "@/server/kernel/errors"
import { addRelease, currentRelease, type Release, releaseToRun, startRollout } from "@/server/releases"
import { type ConfigDiff, diffOf, type Entries, type Entry, entriesOf } from "./entries"
import { MAX_CONFIG_BYTES } from "./keys"

export interface AppliedConfig extends ConfigDiff {
  /** Of the release that it made; `null` when nothing changed. */
  version: number | null
  /** Whether replicas are being replaced. */
  isRolledOut: boolean
}

export interface ConfigPlan {
  /** From what is now to what shall be. */
  next: (now: Entries) => Entries | Promise<Entries>
  summary: (diff: ConfigDiff) => string
  /** The app's setting where it is not said. */
  when: "now" | "next_deploy" | undefined
}

/**
 * What all changes of config come to: a new snapshot with what stays carried over sealed, a release, a rollout unless it is to
 * wait for the next deploy, an audit row with the keys. Nothing changed: nothing is written.
 * @throws AppError `invalid` when it grows too large.
 */
export async function applyConfig(tx: Transaction, ctx: Ctx, found: App, plan: ConfigPlan): Promise<AppliedConfig> {
  const app = await lockApp(tx, found)
  const current = await currentRelease(tx, app.id)
  invariant(current, "an app has a release from its creation on")
  const now = await entriesOf(tx, current.configVersionId)
  const next = await plan.next(now)
  const diff = diffOf(now, next)
  if (diff.added.length + diff.changed.length + diff.removed.length === 0) return { ...diff, version: null, isRolledOut: false }
  checkSize(ctx, next)
  const summary = `${plan.summary(diff)}${await codeNote(tx, current)}`
  const configVersionId = await insertVersion(tx, ctx, app, next)
  const release = await addRelease(tx, ctx, app, { kind: "config", configVersionId, summary })
  const isHeld = (plan.when ?? app.settings.rollout.configChanges) === "next_deploy"
  const rollout = isHeld ? null : await startRollout(tx, ctx, app, { kind: "config", releaseId: release.id })
  await audit(tx, ctx, "config.changed", { app, data: { ...diff, version: release.version, isHeld } })
  return { ...diff, version: release.version, isRolledOut: rollout !== null }
}

/** A change builds on the newest release: where that was taken back, it brings its code once more, and says so (decision 072). */
async function codeNote(tx: Transaction, newest: Release): Promise<string> {
  const runs = await releaseToRun(tx, newest.appId)
  return runs && runs.slugId !== newest.slugId ? ` Brings the code of v${newest.version}, which does not run.` : ""
}

/** A new value, or the entry as it is when the value is the same. */
export function entryFor(ctx: Ctx, now: Entries, key: string, value: string): Entry {
  const old = now.get(key)
  if (old && ctx.secrets.open(old.sealed)?.reveal() === value) return old
  return { key, sealed: ctx.secrets.seal(value), digest: ctx.secrets.digest(value), setBy: userIdOf(ctx.actor), setAt: ctx.clock.now() }
}

function checkSize(ctx: Ctx, entries: Entries): void {
  let bytes = 0
  for (const entry of entries.values()) {
    bytes += Buffer.byteLength(entry.key) + Buffer.byteLength(ctx.secrets.open(entry.sealed)?.reveal() ?? "")
  }
  if (bytes > MAX_CONFIG_BYTES)
    throw fieldError("", `A config has ${MAX_CONFIG_BYTES / 1000} kB at most; this would be ${Math.ceil(bytes / 1000)} kB.`)
}

async function insertVersion(tx: Transaction, ctx: Ctx, app: App, entries: Entries): Promise<string> {
  const [last] = await tx
    .select({ number: max(configVersions.number) })
    .from(configVersions)
    .where(eq(configVersions.appId, app.id))
  const number = (last?.number ?? 0) + 1
  const [version] = await tx.insert(configVersions).values({ appId: app.id, number, createdAt: ctx.clock.now() }).returning()
  invariant(version, "an insert answers its row")
  const rows = [...entries.values()].map((entry) => ({ ...entry, configVersionId: version.id }))
  if (rows.length > 0) await tx.insert(configEntries).values(rows)
  return version.id
}
