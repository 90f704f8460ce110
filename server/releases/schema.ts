import * as z from "zod"

export const RollbackInput = z.object({ app: z.string().min(1), version: z.coerce.number().int().min(1) })

/** `rollout` is an id, or `current` for the one under way. */
export const CancelRolloutInput = z.object({ app: z.string().min(1), rollout: z.string().default("current") })
