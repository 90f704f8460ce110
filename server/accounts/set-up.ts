import { readFile, rm } from "node:fs/promises"
import { sql } from "drizzle-orm"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { sameText } from "@/server/kernel/secret"
import { makeUser } from "./make-user"
import { hashPassword } from "./password"
import { isSetUp } from "./queries"
import { countAttempt } from "./rate-limit"
import { SetUpInput } from "./schema"
import { type StartedSession, startSession } from "./start-session"

/** An arbitrary constant of ours: two people with the link are let through one after the other. */
const SET_UP_LOCK = 7_441_914

/**
 * Makes the operator's account by the one-time link that the first start printed. Works while nobody has an account.
 * @param setupTokenFile where the link's token lies; removed afterwards.
 * @throws AppError `forbidden` for a wrong link, `conflict` when it was used.
 */
export async function setUpOperator(ctx: Ctx, setupTokenFile: string, raw: unknown): Promise<StartedSession & { key: string }> {
  const { token, email, password } = SetUpInput.parse(raw)
  await countAttempt(ctx, `set_up:${ctx.ip ?? "-"}`, { max: 20, seconds: 900 })
  if (await isSetUp(ctx)) throw alreadySetUp()
  const expected = (await readFile(setupTokenFile, "utf8").catch(() => "")).trim()
  if (!expected || !sameText(expected, token.trim()))
    throw new AppError("forbidden", "This set-up link is not the one that was printed last.")
  const passwordHash = await hashPassword(password)
  const done = await ctx.tx(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${SET_UP_LOCK})`)
    if (await isSetUp({ db: tx })) throw alreadySetUp()
    const { user, key } = await makeUser(tx, ctx, { email, passwordHash, isOperator: true })
    return { ...(await startSession(tx, ctx, user)), key }
  })
  await rm(setupTokenFile, { force: true })
  return done
}

const alreadySetUp = () => new AppError("conflict", "This Phial is set up already: sign in.")
