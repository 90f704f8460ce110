import type { Transaction } from "@/db/client"
import { auditEntries } from "@/db/schema"
import type { Actor, Ctx } from "@/server/kernel/context"
import { userIdOf } from "@/server/kernel/context"

/**
 * Records a change in its own transaction.
 * @param action the thing, a dot, what happened to it: `app.scaled`.
 * @param what.data before and after; never a secret.
 */
export async function audit(
  tx: Transaction,
  ctx: Pick<Ctx, "actor" | "ip" | "clock">,
  action: string,
  what: { app?: { id: string; name: string }; data?: Record<string, unknown> } = {},
): Promise<void> {
  await tx.insert(auditEntries).values({
    at: ctx.clock.now(),
    actorKind: ctx.actor.kind,
    userId: userIdOf(ctx.actor),
    actorName: actorName(ctx.actor),
    via: ctx.actor.via,
    ip: ctx.ip,
    action,
    appId: what.app?.id ?? null,
    appName: what.app?.name ?? null,
    data: what.data ?? {},
  })
}

function actorName(actor: Actor): string {
  switch (actor.kind) {
    case "person":
    case "api_key":
      return actor.email
    case "run_container":
      return actor.appName
    case "system":
    case "anonymous":
      return actor.kind
  }
}
