import { eq } from "drizzle-orm"
import { configEntries } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import type { Secret } from "@/server/kernel/secret"

/**
 * Decrypts a config version for a build or a run container. Keys that no key of ours opens are named, not fatal: they are left out,
 * and whoever injects the config says so.
 */
export async function openConfig(
  ctx: Pick<Ctx, "db" | "secrets">,
  configVersionId: string,
): Promise<{ values: Record<string, Secret>; undecryptable: string[] }> {
  const rows = await ctx.db
    .select()
    .from(configEntries)
    .where(eq(configEntries.configVersionId, configVersionId))
    .orderBy(configEntries.key)
  const values: Record<string, Secret> = {}
  const undecryptable: string[] = []
  for (const row of rows) {
    const value = ctx.secrets.open(row.sealed)
    if (value) values[row.key] = value
    else undecryptable.push(row.key)
  }
  return { values, undecryptable }
}
