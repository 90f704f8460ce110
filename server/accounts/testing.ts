import { desc, eq } from "drizzle-orm"
import type { Connection } from "@/db/client"
import { auditEntries, outbox, users } from "@/db/schema"
import { type Ctx, makeCtx, type Parts } from "@/server/kernel/context"
import { aPerson } from "@/server/testing/people"
import { hashPassword } from "./password"

export const PASSWORD = "correct horse battery"

/** A person who can also sign in: with `PASSWORD`. */
export async function aMember(parts: Parts): Promise<Ctx & { userId: string; email: string }> {
  const person = await aPerson(parts)
  await parts.db
    .update(users)
    .set({ passwordHash: await hashPassword(PASSWORD) })
    .where(eq(users.id, person.userId))
  return person
}

/** Somebody without a session, at an address of their own. */
export function aStranger(parts: Parts, ip: string | null = null): Ctx {
  return makeCtx(parts, { actor: { kind: "anonymous", via: "api" }, ip, userAgent: "GigalixirCLI/1.16.1" })
}

/** What is on record of a person, the newest first. */
export async function auditOf({ db }: Pick<Connection, "db">, userId: string): Promise<string[]> {
  const rows = await db.select().from(auditEntries).where(eq(auditEntries.userId, userId)).orderBy(desc(auditEntries.id))
  return rows.map((row) => row.action)
}

/** The code of the mail that waits for this address. */
export async function codeFor({ db }: Pick<Connection, "db">, email: string): Promise<string> {
  const [mail] = await db.select().from(outbox).where(eq(outbox.to, email)).orderBy(desc(outbox.createdAt)).limit(1)
  return /\b\d{6}\b/.exec(mail?.text ?? "")?.[0] ?? "none"
}
