import type { z } from "zod"
import { type App, appFor } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError, invariant } from "@/server/kernel/errors"
import { currentRelease } from "@/server/releases"
import { type Entry, entriesOf } from "./entries"
import { ReadConfigInput, RevealConfigInput } from "./schema"

/**
 * All values, revealed, by key; `null` for what no key of ours decrypts. One audit row. For the API and the dashboard's export:
 * the page shows values one at a time by `revealConfig`.
 */
export async function readConfig(ctx: Ctx, raw: z.input<typeof ReadConfigInput>): Promise<Record<string, string | null>> {
  const app = await appFor(ctx, ReadConfigInput.parse(raw).app, "config:reveal")
  const entries = await currentEntries(ctx, app)
  await ctx.tx((tx) => audit(tx, ctx, "config.read", { app, data: { keys: [...entries.keys()] } }))
  return Object.fromEntries([...entries].map(([key, entry]) => [key, opened(ctx, entry)]))
}

/** One value, revealed; recorded with its key. @throws AppError `not_found`, or `conflict` when it cannot be decrypted. */
export async function revealConfig(ctx: Ctx, raw: z.input<typeof RevealConfigInput>): Promise<{ key: string; value: string }> {
  const { app: name, key } = RevealConfigInput.parse(raw)
  const app = await appFor(ctx, name, "config:reveal")
  const entry = (await currentEntries(ctx, app)).get(key)
  if (!entry) throw new AppError("not_found", `There is no ${key} in this app's config.`)
  const value = opened(ctx, entry)
  if (value === null) throw new AppError("conflict", `${key} was encrypted with a key that this platform no longer has: set it again.`)
  await ctx.tx((tx) => audit(tx, ctx, "config.revealed", { app, data: { key } }))
  return { key, value }
}

async function currentEntries(ctx: Ctx, app: App): Promise<Map<string, Entry>> {
  const release = await currentRelease(ctx.db, app.id)
  invariant(release, "an app has a release from its creation on")
  return entriesOf(ctx.db, release.configVersionId)
}

function opened(ctx: Ctx, entry: Entry): string | null {
  return ctx.secrets.open(entry.sealed)?.reveal() ?? null
}
