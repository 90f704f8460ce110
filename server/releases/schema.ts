import * as z from "zod"

export const RollbackInput = z.object({ app: z.string().min(1), version: z.coerce.number().int().min(1) })

/** Without a rollout: the one under way, or else the one that waits. */
export const CancelRolloutInput = z.object({ app: z.string().min(1), rollout: z.uuid().optional() })
