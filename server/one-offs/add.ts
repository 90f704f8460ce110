import { randomInt } from "node:crypto"
import type { Transaction } from "@/db/client"
import { oneOffs } from "@/db/schema"
import type { App } from "@/server/access"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import { invariant } from "@/server/kernel/errors"
import { wake } from "@/server/wakes"
import { oneOffOfRollout } from "./queries"

export type OneOff = typeof oneOffs.$inferSelect

export interface NewOneOff {
  kind: OneOff["kind"]
  releaseId: string
  /** Of a release command: the rollout that waits for it, and is looked at again when it has ended. */
  rolloutId?: string
  /** Program and arguments: no shell reads them. */
  command: readonly string[]
  size: number
  timeLimitSeconds: number
}

/** Wishes that a command is run once and wakes its controller. A rollout has one at most: asked again, the same is answered. */
export async function addOneOff(
  tx: Transaction,
  ctx: Pick<Ctx, "actor" | "clock">,
  app: Pick<App, "id" | "name">,
  { command, ...what }: NewOneOff,
): Promise<OneOff> {
  const [added] = await tx
    .insert(oneOffs)
    .values({
      ...what,
      id: `${app.name}-run-${sixCharacters()}`,
      appId: app.id,
      command: [...command],
      userId: userIdOf(ctx.actor),
      createdAt: ctx.clock.now(),
    })
    .onConflictDoNothing({ target: oneOffs.rolloutId })
    .returning()
  const oneOff = added ?? (what.rolloutId ? await oneOffOfRollout(tx, what.rolloutId) : null)
  invariant(oneOff, "only the same rollout's release command stands in the way")
  await wake(tx, "one_off", oneOff.id)
  return oneOff
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
const sixCharacters = () => Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")
