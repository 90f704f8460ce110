import { z } from "zod"
import { Container, ContainerId, CreateContainer, Kind, type Runner, Upgraded, Usage } from "./protocol"

const App = CreateContainer.options[0].shape.app
const Nothing = z.null()

/** Each call: what its body must be, what its answer is, and what is asked of the runner. Both sides check by this table. */
export const calls = {
  create: call(CreateContainer, Container, (runner, order) => runner.create(order)),
  list: call(z.object({ app: App.optional(), kind: Kind.optional() }), z.array(Container), (runner, { app, kind }) =>
    runner.list({ ...(app === undefined ? {} : { app }), ...(kind === undefined ? {} : { kind }) }),
  ),
  stop: call(z.object({ id: ContainerId, graceSeconds: z.number().min(0).max(86_400) }), Nothing, (runner, { id, graceSeconds }) =>
    runner.stop(id, graceSeconds).then(() => null),
  ),
  remove: call(z.object({ id: ContainerId }), Nothing, (runner, { id }) => runner.remove(id).then(() => null)),
  usage: call(z.object({ id: ContainerId }), Usage.nullable(), (runner, { id }) => runner.usage(id)),
  upgrade: call(z.object({ id: ContainerId, release: z.number().int().min(1) }), Upgraded, (runner, { id, release }) =>
    runner.upgrade(id, release),
  ),
  collect: call(z.object({ id: ContainerId }), z.object({ files: z.array(z.string()) }), (runner, { id }) => runner.collect(id)),
  forgetApp: call(z.object({ app: App }), Nothing, (runner, { app }) => runner.forgetApp(app).then(() => null)),
  ended: call(
    z.object({ after: z.number().int().min(0) }),
    z.object({ last: z.number(), apps: z.array(z.number()) }),
    (runner, { after }) => runner.ended(after),
  ),
  health: call(z.object({}), z.object({ isUp: z.boolean(), detail: z.string() }), (runner) => runner.health()),
}

export type CallName = keyof typeof calls

/** What a refusal looks like on the wire. */
export const Refusal = z.object({
  code: z.enum(["invalid", "not_found", "conflict", "unavailable"]),
  message: z.string(),
})

function call<I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  ask: (runner: Runner, input: z.output<I>) => Promise<z.output<O>>,
) {
  return { input, output, run: async (runner: Runner, raw: unknown) => ask(runner, input.parse(raw)) }
}
