import * as z from "zod"

/** The inputs of the verbs on config. Pure: the forms check with the same. Keys and values are judged by `keys.ts`. */
const App = z.string().min(1)
const Values = z.record(z.string(), z.string({ error: "A value is text." }))
/** Write the new config down as a release, but leave what runs as it is until the next rollout. */
const AvoidRestart = z.boolean().optional()

export const ChangeConfigInput = z.object({
  app: App,
  set: Values.optional(),
  unset: z.array(z.string()).optional(),
  avoidRestart: AvoidRestart,
})

export const SetConfigInput = z.object({ app: App, values: Values, avoidRestart: AvoidRestart })

export const UnsetConfigInput = z.object({ app: App, keys: z.array(z.string()).min(1), avoidRestart: AvoidRestart })

export const ImportConfigInput = z.object({ app: App, text: z.string().max(1_000_000), avoidRestart: AvoidRestart })

export const CopyConfigInput = z.object({ app: App, from: App, avoidRestart: AvoidRestart })

/** `version` numbers the app's configs, not its releases: see `configHistory`. */
export const RestoreConfigInput = z.object({ app: App, version: z.number().int().min(1), avoidRestart: AvoidRestart })

export const RevealConfigInput = z.object({ app: App, key: z.string() })

export const ReadConfigInput = z.object({ app: App })
