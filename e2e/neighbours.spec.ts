import { writeFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { askApp } from "./support/api"
import { type Push, push, repositoryOf } from "./support/git"
import { startLoad } from "./support/load"
import { processesIn, thingsOf } from "./support/machine"
import { createApp, type Person, runningPlatform, SETTLED_SOON, signUp, until } from "./support/people"

const PER_SECOND = 100
const ENOUGH = 500

const platform = runningPlatform()
let ada: Person
let mallory: Person
let neighbour: string
let quiet: Figures

interface Figures {
  asked: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

test.beforeAll(async () => {
  ;[ada, mallory] = await Promise.all([signUp(platform), signUp(platform)])
  neighbour = await createApp(ada, SETTLED_SOON)
  const { code, output } = await push(repositoryOf("counter"), ada.remote(neighbour)).ended
  expect(code, output).toBe(0)
  quiet = (await answersWhile(() => Promise.resolve())).figures
  console.log(inWords("nothing else runs", quiet))
})

/** Asks the neighbour all the while, and at least so often that a share of a hundredth means something. */
async function answersWhile<T>(work: () => Promise<T>): Promise<{ result: T; figures: Figures }> {
  const load = startLoad(platform.appsPort, neighbour, PER_SECOND)
  const result = await work()
  await until("enough requests to tell", () => load.asked() >= ENOUGH)
  const { failures, ...figures } = await load.stop()
  expect(failures).toEqual([])
  return { result, figures }
}

const inWords = (when: string, { asked, p50Ms, p95Ms, p99Ms }: Figures) =>
  `the neighbour's answers while ${when}: p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms, 0 of ${asked} failed`

interface Deed {
  app: string
  push: Push
  /** The build that is under way; its id is its container's. */
  build(): Promise<{ id: string; state: string; reason: string | null }>
}

async function begin(deed: string): Promise<Deed> {
  const app = await createApp(mallory)
  const repository = repositoryOf("hostile")
  writeFileSync(path.join(repository.dir, "deed"), deed)
  repository.commit(deed)
  const pushed = push(repository, mallory.remote(app))
  const build = async () => {
    const { data } = await mallory.api.call("GET", `/api/apps/${app}/builds`)
    return (data as Array<{ id: string; state: string; reason: string | null }>)[0] ?? { id: "", state: "none", reason: null }
  }
  await until("the deed to begin", () => pushed.output().includes("the deed begins"))
  return { app, push: pushed, build }
}

const cancel = async ({ app, build }: Deed) =>
  expect((await mallory.api.call("POST", `/api/apps/${app}/builds/${(await build()).id}/cancel`)).status).toBe(202)

/** Each deed until its build has ended, and what the pusher then reads. */
const DEEDS = [
  {
    deed: "memory",
    does: "eats memory",
    says: "The build needed more memory than a build may use",
    ends: () => Promise.resolve(),
  },
  {
    deed: "disk",
    does: "fills its disk",
    says: "The build's disk is full",
    ends: () => Promise.resolve(),
  },
  {
    deed: "forks",
    does: "forks without end",
    says: "Cancelled",
    async ends(deed: Deed) {
      const { id } = await deed.build()
      await until("all the processes that a build may have", () => processesIn(platform.home, id) > 400)
      // Time for them to do their worst.
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      expect(processesIn(platform.home, id)).toBeLessThanOrEqual(512)
      await cancel(deed)
    },
  },
  {
    deed: "loop",
    does: "never ends",
    says: "Ctrl-C leaves this push; the build goes on",
    async ends(deed: Deed) {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      deed.push.interrupt()
      await deed.push.ended
      expect(await deed.build()).toMatchObject({ state: "building" })
      await cancel(deed)
    },
  },
]

for (const { deed, does, says, ends } of DEEDS) {
  test(`a build that ${does} stays in its container, and its neighbour answers as before`, async () => {
    const before = thingsOf(platform.home)
    const { result: hostile, figures } = await answersWhile(async () => {
      const begun = await begin(deed)
      await ends(begun)
      await until("the build to end", async () => !["queued", "building"].includes((await begun.build()).state))
      return begun
    })
    console.log(inWords("nothing else ran", quiet))
    console.log(inWords(`a build ${does}`, figures))
    const { code, output } = await hostile.push.ended
    expect(code).not.toBe(0)
    expect(output).toContain(says)
    const { id, reason } = await hostile.build()
    console.log(`what the build ended with: ${reason}`)
    await until("nothing of the build to be left", () => processesIn(platform.home, id) === 0 && same(thingsOf(platform.home), before))
    expect((await askApp(platform.appsPort, neighbour)).status).toBe(200)
  })
}

const same = (left: string[], right: string[]) => left.join("\n") === right.join("\n")
