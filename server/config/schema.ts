import * as z from "zod"

/** The inputs of the verbs on config. Pure: the forms check with the same. Keys and values are judged by `keys.ts`. */
const App = z.string().min(1)
const Values = z.record(z.string(), z.string({ error: "A value is text." }))
/** `next_deploy`: it becomes a release, but what runs stays as it is until the next rollout. The app's setting where it is not said. */
const When = z.enum(["now", "next_deploy"], { error: "is now or next_deploy." }).optional()

export const ChangeConfigInput = z.object({
  app: App,
  set: Values.optional(),
  unset: z.array(z.string()).optional(),
  when: When,
})

export const SetConfigInput = z.object({ app: App, values: Values, when: When })

export const UnsetConfigInput = z.object({ app: App, keys: z.array(z.string()).min(1), when: When })

export const ImportConfigInput = z.object({ app: App, text: z.string().max(1_000_000), when: When })

export const CopyConfigInput = z.object({ app: App, from: App, when: When })

/** `version` numbers the app's configs, not its releases: see `configHistory`. */
export const RestoreConfigInput = z.object({ app: App, version: z.number().int().min(1), when: When })

export const ApplyHeldConfigInput = z.object({ app: App })

export const RevealConfigInput = z.object({ app: App, key: z.string() })

export const ReadConfigInput = z.object({ app: App })
