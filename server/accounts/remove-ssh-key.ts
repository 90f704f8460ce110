import { and, eq } from "drizzle-orm"
import { sshKeys } from "@/db/schema"
import { audit } from "@/server/audit"
import type { Ctx } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { askersId } from "./person"
import { SshKeyIdInput } from "./schema"

/** Removes a key; it stops working in run containers within a minute. @throws AppError `not_found` for one that is not one's own. */
export async function removeSshKey(ctx: Ctx, raw: unknown): Promise<void> {
  const { id } = SshKeyIdInput.parse(raw)
  const userId = askersId(ctx)
  await ctx.tx(async (tx) => {
    const [key] = await tx
      .delete(sshKeys)
      .where(and(eq(sshKeys.id, id), eq(sshKeys.userId, userId)))
      .returning()
    if (!key) throw new AppError("not_found", "There is no such key.")
    await audit(tx, ctx, "ssh_key.removed", { data: { fingerprint: key.fingerprint, comment: key.comment } })
  })
}
