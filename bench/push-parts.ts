import type { Person } from "../e2e/support/people"

interface Span {
  name: string
  started_at: string
  ended_at: string | null
}

interface BuildAnswer {
  created_at: string
  ended_at: string
  phases: Span[]
}

interface RolloutAnswer {
  live_at: string
  steps: Span[]
}

/** Seconds of each part of a push, in their order: together all of it. */
export type Parts = ReadonlyArray<readonly [part: string, seconds: number]>

/**
 * Where the time of the newest push went, as its build and its rollout have written it down.
 * @param begun and told: milliseconds since 1970, when `git push` began and when it said "live".
 */
export async function partsOfPush(person: Person, app: string, begun: number, told: number): Promise<Parts> {
  const [build] = await answered<BuildAnswer[]>(person, `/api/apps/${app}/builds`)
  const [rollout] = await answered<RolloutAnswer[]>(person, `/api/apps/${app}/rollouts`)
  if (!build || !rollout) throw new Error("a push leaves a build and a rollout")
  const checking = rollout.steps.find((step) => step.name === "checking")?.started_at ?? rollout.live_at
  const marks: Array<readonly [string, number]> = [
    ["git, and the hook that asks for a build", at(build.created_at)],
    ["the build's container", at(build.phases[0]?.started_at ?? build.ended_at)],
    ...build.phases.map((phase) => [`build: ${phase.name}`, at(phase.ended_at ?? build.ended_at)] as const),
    ["the replica's container", at(checking)],
    ["fetch, unpack, boot, first check", at(rollout.live_at)],
    ["the word to the pusher", told],
  ]
  return marks.map(([part, end], i) => [part, (end - (marks[i - 1]?.[1] ?? begun)) / 1000] as const)
}

const at = (time: string) => new Date(time).getTime()

async function answered<T>(person: Person, path: string): Promise<T> {
  const { status, data, text } = await person.api.call("GET", path)
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
  return data as T
}
