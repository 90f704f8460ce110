import { eq } from "drizzle-orm"
import { users } from "@/db/schema"
import { type Actor, type Ctx, userIdOf, type Via } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"

export type User = typeof users.$inferSelect

/** @returns the id of the person who asks, by session or by API key. @throws AppError `unauthenticated` for everybody else. */
export function askersId(ctx: Pick<Ctx, "actor">): string {
  const id = userIdOf(ctx.actor)
  if (!id) throw new AppError("unauthenticated", "Sign in first.")
  return id
}

/** The account of whoever asks. @throws AppError `unauthenticated`. */
export async function askersAccount(ctx: Ctx): Promise<User> {
  const [user] = await ctx.db
    .select()
    .from(users)
    .where(eq(users.id, askersId(ctx)))
  if (!user) throw new AppError("unauthenticated", "This account is gone.")
  return user
}

/** The context after it became known who asks: what follows is recorded under their name. */
export function as(ctx: Ctx, user: Pick<User, "id" | "email">, sessionId: string | null = null): Ctx {
  const via: Via = ctx.actor.via
  const actor: Actor = { kind: "person", userId: user.id, email: user.email, sessionId, via }
  return { ...ctx, actor }
}
