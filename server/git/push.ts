import { z } from "zod"

/**
 * One push, as the web process tells it to the git hooks. They are processes of their own that outlive the pusher's connection and a
 * restart of the web process, so this is all that they know. It holds no secret: it is on their command line.
 */
export const Push = z.object({
  /** The build's id, chosen before there is a build: asking twice makes one build. */
  id: z.uuid(),
  app: z.object({ id: z.uuid(), name: z.string() }),
  actor: z.object({ kind: z.enum(["person", "api_key"]), userId: z.uuid(), email: z.string(), keyId: z.string() }),
  ip: z.string().nullable(),
  /** The headers GIGALIXIR-CLEAN, GIGALIXIR-HOT and PHIAL-NO-WAIT. */
  cleanCache: z.boolean(),
  hotUpgrade: z.boolean(),
  leavesAtOnce: z.boolean(),
  /** Where the web process is asked. */
  hookSocket: z.string(),
  /** The folder of source archives. */
  sources: z.string(),
  /** What the URLs of this platform's repositories begin with, with a slash at its end. */
  gitUrl: z.string(),
})
export type Push = z.infer<typeof Push>

/** What the web process says while a hook follows a build or a rollout: one JSON object a line; an empty line only shows that it lives. */
export const Told = z.union([
  z.object({ build: z.uuid() }),
  /** `id`, where given, is where to go on from after a lost connection. */
  z.object({ line: z.string(), id: z.number().optional() }),
  z.object({ end: z.object({ ok: z.boolean(), reason: z.string() }) }),
])
export type Told = z.infer<typeof Told>

/** Asks for a build, or goes on following one. */
export const FollowBuild = z.object({
  push: Push,
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  message: z.string(),
  branch: z.enum(["main", "master"]),
  /** What was told before the connection was lost. */
  build: z.uuid().nullable(),
  after: z.number(),
})
export type FollowBuild = z.infer<typeof FollowBuild>

/** `after`: the last line of the release command's output that was told before the connection was lost. */
export const FollowRollout = z.object({ push: Push, commit: z.string(), after: z.number().default(0) })
export type FollowRollout = z.infer<typeof FollowRollout>

/** Which commit of a branch was built last. */
export const AskBranch = z.object({ push: Push, branch: z.enum(["main", "master"]) })
/** Builds of that branch which have not ended. */
export interface UnderWay {
  builds: Array<{ number: number; commit: string; by: string; isMine: boolean }>
}

/** Where a neighbouring app's repository lies, for a submodule. */
export const AskSibling = z.object({ push: Push, app: z.string() })
