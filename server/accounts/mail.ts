import { and, asc, eq, isNull, lt, sql } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { outbox } from "@/db/schema"
import type { Mail, Mailer } from "@/server/drivers/mail/port"
import type { Parts } from "@/server/kernel/context"
import { wake } from "@/server/wakes"

/** After so many a mail stays in the outbox, for the operator to see. */
const MOST_ATTEMPTS = 20
const BATCH = 50

/** Writes a mail beside the change that causes it; a controller sends it after the commit. */
export async function queueMail(tx: Transaction, mail: Omit<Mail, "id">): Promise<void> {
  await tx.insert(outbox).values(mail)
  await wake(tx, "janitor", "mail")
}

/**
 * Sends what waits, oldest first. Safe from several processes at once; the row's id is the message's, so a mail whose sending
 * could not be recorded is not sent twice. What was sent forgets its text: it may hold a code.
 * @returns how many could not be sent and should be tried again.
 */
export async function sendQueuedMails(parts: Parts, mailer: Mailer): Promise<{ sent: number; waiting: number }> {
  let sent = 0
  let waiting = 0
  for (let i = 0; i < BATCH; i++) {
    const outcome = await sendNext(parts, mailer, waiting)
    if (outcome === "none") break
    if (outcome === "sent") sent++
    else waiting++
  }
  return { sent, waiting }
}

/** @param skip how many failed in this round: they are older than what is still to try. */
async function sendNext(parts: Parts, mailer: Mailer, skip: number): Promise<"sent" | "failed" | "none"> {
  return parts.db.transaction(async (tx) => {
    const [mail] = await tx
      .select()
      .from(outbox)
      .where(and(isNull(outbox.sentAt), lt(outbox.attempts, MOST_ATTEMPTS)))
      .orderBy(asc(outbox.createdAt), asc(outbox.id))
      .offset(skip)
      .limit(1)
      .for("update", { skipLocked: true })
    if (!mail) return "none"
    try {
      await mailer.send({ id: mail.id, to: mail.to, subject: mail.subject, text: mail.text })
    } catch (error) {
      const lastError = error instanceof Error ? error.message : String(error)
      parts.log.warn("a mail could not be sent", { mail: mail.id, error: lastError })
      await tx
        .update(outbox)
        .set({ attempts: sql`${outbox.attempts} + 1`, lastError })
        .where(eq(outbox.id, mail.id))
      return "failed"
    }
    await tx.update(outbox).set({ sentAt: parts.clock.now(), text: "", lastError: null }).where(eq(outbox.id, mail.id))
    return "sent"
  })
}
