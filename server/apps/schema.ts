import * as z from "zod"
import { MAX_REPLICAS, MAX_SIZE, MIN_SIZE } from "./limits"
import { whyNotName } from "./names"
import { STACKS } from "./stacks"

/** The inputs of the verbs on apps. Pure: the forms check with the same. */
const App = z.string().min(1)

const Name = z
  .string()
  .trim()
  .toLowerCase()
  .superRefine((name, check) => {
    const reason = whyNotName(name)
    if (reason) check.addIssue({ code: "custom", message: reason })
  })

export const Size = z
  .number()
  .min(MIN_SIZE, `is at least ${MIN_SIZE}.`)
  .max(MAX_SIZE, `is at most ${MAX_SIZE}.`)
  .refine((size) => Math.abs(size * 10 - Math.round(size * 10)) < 1e-6, "goes in steps of 0.1.")
  .transform((size) => Math.round(size * 10) / 10)

const Replicas = z.number().int("is a whole number.").min(0, "cannot be negative.").max(MAX_REPLICAS, `is at most ${MAX_REPLICAS}.`)

const Stack = z.enum(STACKS, { error: `is one of ${STACKS.join(", ")}.` })

export const CreateAppInput = z.object({
  /** A suggestion is taken when it is not given. */
  name: Name.optional(),
  size: Size.optional(),
  replicas: Replicas.optional(),
  stack: Stack.optional(),
})

export const ScaleAppInput = z
  .object({ app: App, replicas: Replicas.optional(), size: Size.optional() })
  .refine((input) => input.replicas !== undefined || input.size !== undefined, {
    path: ["replicas"],
    message: "or a size is needed.",
  })

export const RestartAppInput = z.object({ app: App })

export const SetMaintenanceInput = z.object({ app: App, isEnabled: z.boolean() })

export const SetStackInput = z.object({ app: App, stack: Stack })

/** `confirm` is the app's name once more, typed by a person. */
export const DeleteAppInput = z.object({ app: App, confirm: z.string() })

export const RestartReplicaInput = z.object({ app: App, replica: z.string().min(1) })

export const KillReplicaInput = z.object({ app: App, replica: z.string().min(1) })

/** `200-399`, or a status alone. */
function isOrdered(range: string): boolean {
  const [from = "", to = from] = range.split("-")
  return Number(from) <= Number(to)
}

const whole = (min: number, max: number) =>
  z.number({ error: "is a whole number." }).int("is a whole number.").min(min, `is at least ${min}.`).max(max, `is at most ${max}.`)

export const ChangeSettingsInput = z.object({
  app: App,
  check: z
    .object({
      kind: z.enum(["tcp", "http"], { error: "is tcp or http." }),
      path: z
        .string()
        .max(200, "has 200 characters at most.")
        .regex(/^\/[\x21-\x7e]*$/, "starts with / and has no blanks."),
      expectedStatus: z
        .string()
        .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, "is a status such as 200, or a range such as 200-399.")
        .refine((range) => isOrdered(range), "begins with the lower status."),
      intervalSeconds: whole(1, 60),
      timeoutSeconds: whole(1, 60),
      graceSeconds: whole(1, 900),
      successes: whole(1, 10),
      failures: whole(1, 10),
    })
    .partial()
    .optional(),
  rollout: z
    .object({
      batchSize: whole(0, MAX_REPLICAS),
      waitSeconds: whole(0, 600),
      settleSeconds: whole(0, 600),
      drainSeconds: whole(0, 3600),
      strategy: z.enum(["rolling", "hot"], { error: "is rolling or hot." }),
      configChanges: z.enum(["now", "next_deploy"], { error: "is now or next_deploy." }),
    })
    .partial()
    .optional(),
  releaseCommand: z
    .object({ command: z.string().trim().max(2000, "has 2000 characters at most."), timeLimitSeconds: whole(5, 86_400) })
    .partial()
    .optional(),
})
