import { count, eq } from "drizzle-orm"
import { sshKeys, users } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { fieldError } from "@/server/kernel/errors"
import { askersId } from "./person"
import type { SshKeyView } from "./queries"
import { AddSshKeyInput } from "./schema"
import { parseSshKey } from "./ssh-key-line"

const MOST_KEYS = 50

/** Adds a public key; it reaches one's run containers within a minute. */
export async function addSshKey(ctx: Ctx, raw: unknown): Promise<SshKeyView> {
  const input = AddSshKeyInput.parse(raw)
  const userId = askersId(ctx)
  const parsed = parseSshKey(input.sshKey)
  if (typeof parsed === "string") throw fieldError("sshKey", parsed)
  const { line, fingerprint, comment } = parsed
  return ctx.tx(async (tx) => {
    // The lock makes two at once count each other.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("update")
    const [held] = await tx.select({ count: count() }).from(sshKeys).where(eq(sshKeys.userId, userId))
    if ((held?.count ?? 0) >= MOST_KEYS) throw fieldError("sshKey", `You have ${MOST_KEYS} keys: remove one first.`)
    const [row] = await tx
      .insert(sshKeys)
      .values({ userId, key: line, fingerprint, comment, createdAt: ctx.clock.now() })
      .onConflictDoNothing({ target: [sshKeys.userId, sshKeys.fingerprint] })
      .returning()
    if (!row) throw fieldError("sshKey", "You have this key already.")
    await audit(tx, ctx, "ssh_key.added", { data: { fingerprint, comment } })
    return { id: row.id, key: line, fingerprint, comment, createdAt: row.createdAt }
  })
}
