import { randomInt } from "node:crypto"
import { and, eq, gt, lt, sql } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { signups, users } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { AppError, fieldError, invariant } from "@/server/kernel/errors"
import { newToken } from "@/server/kernel/secret"
import { queueMail } from "./mail"
import { makeUser } from "./make-user"
import { hashPassword } from "./password"
import type { User } from "./person"
import { isSetUp } from "./queries"
import { countAttempt } from "./rate-limit"
import { ConfirmSignUpInput, SignUpInput } from "./schema"
import { type StartedSession, startSession } from "./start-session"

const HOUR_MS = 3_600_000
/** Of a code's million: one in 200,000 guesses a sign-up. */
const MOST_CODES = 5
const limits = { ip: { max: 20, seconds: 3600 }, email: { max: 5, seconds: 3600 } }

export type Signup = typeof signups.$inferSelect

/** Sign-up in the browser, first half: a code goes to the address. @returns what the second half names it by. */
export async function signUp(ctx: Ctx, raw: unknown): Promise<{ uuid: string }> {
  const { email, password } = SignUpInput.parse(raw)
  return openSignup(ctx, email, await hashPassword(password))
}

/** Second half: the code makes the account, its first API key (shown this once) and a session. */
export async function confirmSignUp(ctx: Ctx, raw: unknown): Promise<StartedSession & { key: string }> {
  const { uuid, code } = ConfirmSignUpInput.parse(raw)
  await confirmSignup(ctx, uuid, code, "code")
  return ctx.tx(async (tx) => {
    const { user, key } = await finishSignup(tx, ctx, uuid)
    return { ...(await startSession(tx, ctx, user)), key }
  })
}

/**
 * Begins a sign-up and mails its code. Answers the same for an address that has an account already, which is told so by mail: nobody
 * learns here who has one.
 */
export async function openSignup(ctx: Ctx, email: string, passwordHash: string | null): Promise<{ uuid: string }> {
  if (!(await isSetUp(ctx))) throw new AppError("forbidden", "This Phial is not set up yet: open the link that `npm start` printed.")
  if (ctx.ip) await countAttempt(ctx, `sign_up:ip:${ctx.ip}`, limits.ip)
  await countAttempt(ctx, `sign_up:email:${email}`, limits.email)
  const now = ctx.clock.now()
  const code = String(randomInt(1_000_000)).padStart(6, "0")
  return ctx.tx(async (tx) => {
    const [known] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email))
    const [signup] = await tx
      .insert(signups)
      .values({ email, passwordHash, codeHash: newToken(), createdAt: now, expiresAt: new Date(now.getTime() + HOUR_MS) })
      .returning({ id: signups.id })
    invariant(signup, "an insert returns its row")
    if (!known)
      await tx
        .update(signups)
        .set({ codeHash: codeHash(ctx, signup.id, code) })
        .where(eq(signups.id, signup.id))
    await queueMail(tx, known ? accountExistsMail(email) : codeMail(email, code))
    return { uuid: signup.id }
  })
}

/** Checks a code. Every try counts, also those at the same time. @throws AppError `invalid` at `field`, or `rate_limited` after five. */
export async function confirmSignup(ctx: Ctx, uuid: string, code: string, field: string): Promise<void> {
  const [signup] = await ctx.db
    .update(signups)
    .set({ attempts: sql`${signups.attempts} + 1` })
    .where(alive(ctx, uuid))
    .returning()
  if (!signup) throw unknownSignup()
  if (signup.attempts > MOST_CODES) throw new AppError("rate_limited", "Too many wrong codes. Sign up again to get a new one.")
  if (signup.codeHash !== codeHash(ctx, uuid, code)) throw fieldError(field, "This is not the code from the mail.")
  await ctx.db.update(signups).set({ confirmedAt: ctx.clock.now() }).where(eq(signups.id, uuid))
}

/** Makes the account of a confirmed sign-up that has a password, and forgets the sign-up. */
export async function finishSignup(tx: Transaction, ctx: Ctx, uuid: string): Promise<{ user: User; key: string }> {
  const [signup] = await tx.delete(signups).where(alive(ctx, uuid)).returning()
  if (!signup) throw unknownSignup()
  if (!signup.confirmedAt) throw fieldError("confirmation_code", "Confirm your e-mail address first.")
  if (!signup.passwordHash) throw fieldError("password", "Set a password first.")
  return makeUser(tx, ctx, { email: signup.email, passwordHash: signup.passwordHash, isOperator: false })
}

/** A sign-up under way. @throws AppError `invalid` for one that is unknown, done or too old. */
export async function signupUnderWay(ctx: Ctx, uuid: string): Promise<Signup> {
  const [signup] = await ctx.db.select().from(signups).where(alive(ctx, uuid))
  if (!signup) throw unknownSignup()
  return signup
}

/** Removes sign-ups that were never finished. */
export async function sweepSignups(ctx: Pick<Ctx, "db" | "clock">): Promise<void> {
  await ctx.db.delete(signups).where(lt(signups.expiresAt, ctx.clock.now()))
}

const alive = (ctx: Pick<Ctx, "clock">, uuid: string) => and(eq(signups.id, uuid), gt(signups.expiresAt, ctx.clock.now()))

const unknownSignup = () => fieldError("uuid", "This sign-up is unknown or too old. Start again.")

/** Keyed: six digits would be found from a plain hash at once. */
function codeHash(ctx: Pick<Ctx, "secrets">, uuid: string, code: string): string {
  return ctx.secrets.digest(`sign-up code ${uuid} ${code}`)
}

function codeMail(to: string, code: string) {
  const text = `Your confirmation code for Phial is ${code}\n\nIt works for an hour. If you did not sign up, ignore this mail.\n`
  return { to, subject: `${code} is your confirmation code`, text }
}

function accountExistsMail(to: string) {
  const text = "Somebody signed up to Phial with your e-mail address, which has an account already.\nIf it was you: sign in instead.\n"
  return { to, subject: "You have an account already", text }
}
