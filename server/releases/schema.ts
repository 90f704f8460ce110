import * as z from "zod"

export const RollbackInput = z.object({ app: z.string().min(1), version: z.coerce.number().int().min(1) })
