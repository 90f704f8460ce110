import { and, count, eq, inArray, isNull } from "drizzle-orm"
import type { z } from "zod"
import type { Transaction } from "@/db/client"
import { oneOffs } from "@/db/schema"
import { appFor, lockApp } from "@/server/access"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { currentRelease } from "@/server/releases"
import { addOneOff, type OneOff } from "./add"
import { isMigration } from "./command"
import { MAX_AT_ONCE } from "./limits"
import { RunOneOffInput } from "./schema"

/**
 * Wishes that a command is run once, in a container of its own with the newest release and its config.
 * @throws AppError `conflict` before the first push, and when as many as may run at once do.
 */
export async function runOneOff(ctx: Ctx, raw: z.input<typeof RunOneOffInput>): Promise<OneOff> {
  const { app: name, command, size, timeLimitSeconds } = RunOneOffInput.parse(raw)
  const found = await appFor(ctx, name, "one_off:run")
  return ctx.tx(async (tx) => {
    const app = await lockApp(tx, found)
    const release = await currentRelease(tx, app.id)
    if (!release?.slugId) throw new AppError("conflict", "Nothing was deployed yet: push this app first, then run commands in it.")
    await leaveRoom(tx, app.id)
    const kind = isMigration(command) ? "migration" : "command"
    const oneOff = await addOneOff(tx, ctx, app, { kind, releaseId: release.id, command, size: size ?? app.size, timeLimitSeconds })
    // Not the command: someone may have put a secret into it, and this record is kept for good.
    await audit(tx, ctx, "one_off.started", { app, data: { oneOff: oneOff.id, kind, version: release.version } })
    return oneOff
  })
}

/** Under the lock of the app. A release command takes nobody's place, and nobody takes its. */
async function leaveRoom(tx: Transaction, appId: string): Promise<void> {
  const [open] = await tx
    .select({ count: count() })
    .from(oneOffs)
    .where(and(eq(oneOffs.appId, appId), inArray(oneOffs.state, ["waiting", "running"]), isNull(oneOffs.rolloutId)))
  if (open && open.count >= MAX_AT_ONCE) {
    throw new AppError("conflict", `${MAX_AT_ONCE} one-offs of this app run already: wait until one has ended, or cancel one.`)
  }
}
