import { and, eq, isNull, ne } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { sessions } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { askersId } from "./person"
import { SessionIdInput } from "./schema"

/** Ends the session that asks. Repeatable. */
export async function signOut(ctx: Ctx): Promise<void> {
  const id = ctx.actor.kind === "person" ? ctx.actor.sessionId : null
  if (id) await ctx.tx((tx) => endSession(tx, ctx, id))
}

/** Ends a session at once: pages, sockets and streams alike. @throws AppError `not_found` for one that is not one's own or has ended. */
export async function revokeSession(ctx: Ctx, raw: unknown): Promise<void> {
  const { id } = SessionIdInput.parse(raw)
  askersId(ctx)
  const isEnded = await ctx.tx((tx) => endSession(tx, ctx, id))
  if (!isEnded) throw new AppError("not_found", "There is no such session.")
}

/** Ends all sessions but the one that asks. @returns how many. */
export async function revokeOtherSessions(ctx: Ctx): Promise<number> {
  return ctx.tx((tx) => endOtherSessions(tx, ctx))
}

async function endSession(tx: Transaction, ctx: Ctx, id: string): Promise<boolean> {
  const own = and(eq(sessions.id, id), eq(sessions.userId, askersId(ctx)), isNull(sessions.revokedAt))
  const ended = await tx.update(sessions).set({ revokedAt: ctx.clock.now() }).where(own).returning({ id: sessions.id })
  if (ended.length > 0) await audit(tx, ctx, "session.ended", { data: { session: id } })
  return ended.length > 0
}

/** Part of the transaction of what makes them worthless, such as a new password. */
export async function endOtherSessions(tx: Transaction, ctx: Ctx): Promise<number> {
  const current = ctx.actor.kind === "person" ? ctx.actor.sessionId : null
  const others = and(eq(sessions.userId, askersId(ctx)), isNull(sessions.revokedAt), current ? ne(sessions.id, current) : undefined)
  const ended = await tx.update(sessions).set({ revokedAt: ctx.clock.now() }).where(others).returning({ id: sessions.id })
  if (ended.length > 0) await audit(tx, ctx, "session.others_ended", { data: { sessions: ended.length } })
  return ended.length
}
