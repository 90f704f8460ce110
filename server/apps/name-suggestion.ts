import { eq } from "drizzle-orm"
import type { Database, Transaction } from "@/db/client"
import { apps } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { threeWords, whyNotName } from "./names"

/** A name of three words that is free now. */
export async function nameSuggestion(db: Database | Transaction): Promise<string> {
  for (;;) {
    const name = threeWords()
    if (!(await isTaken(db, name))) return name
  }
}

/** Answers the form while a name is typed. @returns `null`, or why the name cannot be taken, to be read after the name. */
export async function isNameFree(ctx: Pick<Ctx, "db">, raw: string): Promise<{ isFree: boolean; reason: string | null }> {
  const name = raw.trim().toLowerCase()
  const reason = whyNotName(name) ?? ((await isTaken(ctx.db, name)) ? "has already been taken." : null)
  return { isFree: reason === null, reason }
}

async function isTaken(db: Database | Transaction, name: string): Promise<boolean> {
  const [taken] = await db.select({ id: apps.id }).from(apps).where(eq(apps.name, name))
  return taken !== undefined
}
