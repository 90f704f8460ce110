import { randomBytes, randomUUID } from "node:crypto"
import { and, count, eq, isNull, sql } from "drizzle-orm"
import type { z } from "zod"
import type { Transaction } from "@/db/client"
import { apps, configVersions } from "@/db/schema"
import type { App } from "@/server/access"
import { audit } from "@/server/audit"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { AppError, fieldError, invariant } from "@/server/kernel/errors"
import { hashToken, newToken } from "@/server/kernel/secret"
import { addRelease } from "@/server/releases"
import { wake } from "@/server/wakes"
import { freeNumber } from "./free-number"
import { DEFAULT_SIZE } from "./limits"
import { nameSuggestion } from "./name-suggestion"
import { CreateAppInput } from "./schema"
import { defaultSettings } from "./settings"
import { STACKS } from "./stacks"

/** Of one owner (gigalixir.md C.10). */
const MAX_APPS = 100

/** An arbitrary constant of ours: names and numbers are given out one at a time. */
const CREATE_LOCK = 7_441_914

/**
 * Makes an app: its secrets, an empty config, and two releases without a slug, so that it stands at v2 as at Gigalixir (C.2).
 * Nothing runs until the first push.
 * @throws AppError `invalid` with the field; `unauthenticated` for who has no account.
 */
export async function createApp(ctx: Ctx, raw: z.input<typeof CreateAppInput>): Promise<{ id: string; name: string }> {
  const input = CreateAppInput.parse(raw)
  const ownerId = userIdOf(ctx.actor)
  if (!ownerId) throw new AppError("unauthenticated", "Sign in first.")
  return ctx.tx(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${CREATE_LOCK})`)
    await checkLimit(tx, ownerId)
    const name = input.name ?? (await nameSuggestion(tx))
    if (input.name) await checkNameIsFree(tx, input.name)
    const [app] = await tx
      .insert(apps)
      .values({
        name,
        ownerId,
        number: await freeNumber(tx),
        size: input.size ?? DEFAULT_SIZE,
        replicas: input.replicas ?? 0,
        stack: input.stack ?? STACKS[0],
        settings: defaultSettings,
        ...newSecrets(ctx),
        createdAt: ctx.clock.now(),
      })
      .returning()
    invariant(app, "an insert answers its row")
    await addFirstReleases(tx, ctx, app)
    await audit(tx, ctx, "app.created", { app, data: { size: app.size, replicas: app.replicas, stack: app.stack } })
    await wake(tx, "app", app.id)
    return { id: app.id, name: app.name }
  })
}

async function checkLimit(tx: Transaction, ownerId: string): Promise<void> {
  const [owned] = await tx
    .select({ apps: count() })
    .from(apps)
    .where(and(eq(apps.ownerId, ownerId), isNull(apps.deletedAt)))
  if ((owned?.apps ?? 0) >= MAX_APPS) throw fieldError("", `You own ${MAX_APPS} apps, which is the limit: delete one first.`)
}

/** A deleted app keeps its name until all it had is gone. */
async function checkNameIsFree(tx: Transaction, name: string): Promise<void> {
  const [taken] = await tx.select({ id: apps.id }).from(apps).where(eq(apps.name, name))
  if (taken) throw fieldError("name", "has already been taken.")
}

/** Phoenix wants 64 bytes of SECRET_KEY_BASE at least; the cookie is a UUID as at Gigalixir (C.6). */
function newSecrets(ctx: Ctx) {
  const appKey = newToken()
  return {
    secretKeyBase: ctx.secrets.seal(randomBytes(64).toString("base64")),
    erlangCookie: ctx.secrets.seal(randomUUID()),
    appKey: ctx.secrets.seal(appKey),
    appKeyHash: hashToken(appKey),
  }
}

async function addFirstReleases(tx: Transaction, ctx: Ctx, app: App): Promise<void> {
  const [config] = await tx.insert(configVersions).values({ appId: app.id, number: 1, createdAt: ctx.clock.now() }).returning()
  invariant(config, "an insert answers its row")
  await addRelease(tx, ctx, app, { kind: "initial", configVersionId: config.id, summary: "Created the app." })
  await addRelease(tx, ctx, app, { kind: "initial", summary: "Prepared its config." })
}
