import * as z from "zod"
import { Size } from "@/server/apps/schema"
import { DEFAULT_TIME_LIMIT_SECONDS, MAX_TIME_LIMIT_SECONDS } from "./limits"

/** The inputs of the verbs on one-offs. Pure: the form checks with the same. */
const App = z.string().min(1)
const MAX_ARGUMENTS = 256
/** Far below what Linux hands to a program. */
const MAX_LENGTH = 32_768

// What no program can be given: its arguments end at a NUL.
const Argument = z.string().refine((text) => !text.includes("\0"), "cannot hold a NUL.")

export const RunOneOffInput = z.object({
  app: App,
  /** Program and arguments, as they are: no shell reads them. */
  command: z
    .array(Argument, { error: "is a list of words: the program and its arguments." })
    .min(1, "is needed.")
    .max(MAX_ARGUMENTS, `has at most ${MAX_ARGUMENTS} words.`)
    .refine((words) => words[0]?.trim() !== "", "is needed.")
    .refine((words) => words.join(" ").length <= MAX_LENGTH, `has at most ${MAX_LENGTH} characters.`),
  /** The app's when not given. */
  size: Size.optional(),
  timeLimitSeconds: z
    .number()
    .int()
    .min(1, "is at least a second.")
    .max(MAX_TIME_LIMIT_SECONDS, `is at most ${MAX_TIME_LIMIT_SECONDS} seconds, a day.`)
    .default(DEFAULT_TIME_LIMIT_SECONDS),
})

export const CancelOneOffInput = z.object({ app: App, oneOff: z.string().min(1) })
