import type { z } from "zod"
import { appFor } from "@/server/access"
import type { Ctx } from "@/server/kernel/context"
import { AppError, type FieldErrors } from "@/server/kernel/errors"
import { type AppliedConfig, applyConfig, entryFor } from "./apply"
import { parseDotenv } from "./dotenv"
import type { ConfigDiff } from "./entries"
import { whyNotKey, whyNotValue } from "./keys"
import { ChangeConfigInput, ImportConfigInput, SetConfigInput, UnsetConfigInput } from "./schema"

/**
 * Sets and unsets any number of keys at once: one snapshot, one release, one rollout. Unsetting what is not there changes nothing.
 * @throws AppError `invalid` under the keys that cannot be.
 */
export async function changeConfig(ctx: Ctx, raw: z.input<typeof ChangeConfigInput>): Promise<AppliedConfig> {
  const { app: name, set = {}, unset = [], when } = ChangeConfigInput.parse(raw)
  const app = await appFor(ctx, name, "config:change")
  checkValues(set)
  return ctx.tx((tx) =>
    applyConfig(tx, ctx, app, {
      next: (now) => {
        const next = new Map(now)
        for (const key of unset) next.delete(key)
        for (const [key, value] of Object.entries(set)) next.set(key, entryFor(ctx, now, key, value))
        return next
      },
      summary: summaryOf,
      when,
    }),
  )
}

export async function setConfig(ctx: Ctx, raw: z.input<typeof SetConfigInput>): Promise<AppliedConfig> {
  const { app, values, when } = SetConfigInput.parse(raw)
  return changeConfig(ctx, { app, set: values, when })
}

export async function unsetConfig(ctx: Ctx, raw: z.input<typeof UnsetConfigInput>): Promise<AppliedConfig> {
  const { app, keys, when } = UnsetConfigInput.parse(raw)
  return changeConfig(ctx, { app, unset: keys, when })
}

/** Sets what the text of a `.env` file says; keys that it does not name stay. @throws AppError `invalid` under `text` or the key. */
export async function importConfig(ctx: Ctx, raw: z.input<typeof ImportConfigInput>): Promise<AppliedConfig> {
  const { app, text, when } = ImportConfigInput.parse(raw)
  return changeConfig(ctx, { app, set: parseDotenv(text), when })
}

function checkValues(values: Record<string, string>): void {
  const fields: FieldErrors = {}
  for (const [key, value] of Object.entries(values)) {
    const reason = whyNotKey(key) ?? whyNotValue(value)
    if (reason) fields[key] = [reason]
  }
  const first = Object.values(fields)[0]?.[0]
  if (first) throw new AppError("invalid", first, { fields })
}

/** As Gigalixir says it: "Set `X` config var." */
function summaryOf({ added, changed, removed }: ConfigDiff): string {
  const set = [...added, ...changed].sort()
  return [set.length > 0 ? `Set ${listed(set)}.` : "", removed.length > 0 ? `Unset ${listed(removed)}.` : ""].filter(Boolean).join(" ")
}

const NAMED = 3

function listed(keys: string[]): string {
  const named = keys.slice(0, NAMED).map((key) => `\`${key}\``)
  const rest = keys.length - named.length
  return `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""} config var${keys.length > 1 ? "s" : ""}`
}
