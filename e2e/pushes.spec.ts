import { randomBytes } from "node:crypto"
import { readdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, repositoryOf } from "./support/git"
import { createApp, type Person, personOf, runningPlatform, SETTLED_SOON, signUp, until } from "./support/people"

const platform = runningPlatform()
let ada: Person
test.beforeAll(async () => {
  ada = await signUp(platform)
})
test.afterEach(async () => {
  // Whatever the push was, nothing of it stays behind once its build has ended.
  await until("no source left", () => readdirSync(path.join(platform.home, "sources")).length === 0)
})

async function deployed() {
  const app = await createApp(ada, SETTLED_SOON)
  const repository = repositoryOf("counter")
  const first = await push(repository, ada.remote(app)).ended
  expect(first.code, first.output).toBe(0)
  return { app, repository }
}

const releasesOf = async (app: string) =>
  (await ada.api.call("GET", `/api/apps/${app}/releases`)).data as Array<{ version: number; sha: string }>

test("a push of no change builds nothing", async () => {
  const { app, repository } = await deployed()
  const again = await push(repository, ada.remote(app)).ended
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining("Everything up-to-date") })
  expect(await releasesOf(app)).toHaveLength(3)
})

test("a push to another branch is refused with a sentence", async () => {
  const { app, repository } = await deployed()
  repository.commit("on a branch")
  const { code, output } = await push(repository, ada.remote(app), "main:feature").ended
  expect(code).not.toBe(0)
  expect(output).toContain("main")
  expect(await releasesOf(app)).toHaveLength(3)
})

test("a push while one builds waits for it; both end, in order", async () => {
  const app = await createApp(ada, SETTLED_SOON)
  const repository = repositoryOf("counter")
  const first = push(repository, ada.remote(app))
  await until("the first build to begin", () => first.output().includes("----->"))
  const second = repositoryOf("counter")
  writeFileSync(path.join(second.dir, "CHANGED"), "yes")
  const commit = second.commit("second")
  const waiting = push(second, ada.remote(app), "+main")
  await Promise.all([first.ended, waiting.ended])
  await until("the second push's release", async () => (await releasesOf(app))[0]?.sha === commit)
  expect((await askApp(platform.appsPort, app)).status).toBe(200)
})

test("Ctrl-C leaves a build that ends by itself, and a repository that can be pushed to", async () => {
  const app = await createApp(ada, SETTLED_SOON)
  const repository = repositoryOf("counter")
  const cut = push(repository, ada.remote(app))
  await until("the build to begin", () => cut.output().includes("----->"))
  cut.interrupt()
  await cut.ended
  await until("the build to end", async () => {
    const { data } = await ada.api.call("GET", `/api/apps/${app}/builds`)
    return (data as Array<{ state: string }>).every((build) => !["queued", "building"].includes(build.state))
  })
  repository.commit("after all")
  expect((await push(repository, ada.remote(app)).ended).code).toBe(0)
})

test("a push of 50 MB arrives", async () => {
  const { app, repository } = await deployed()
  writeFileSync(path.join(repository.dir, "big.bin"), randomBytes(50_000_000))
  repository.commit("big")
  const { code, output } = await push(repository, ada.remote(app)).ended
  expect(code, output.slice(-2000)).toBe(0)
})

test("a wrong key is refused at once, a stranger does not learn that the app exists", async () => {
  const { app, repository } = await deployed()
  const wrong = personOf(platform.url, ada.email, "wrong")
  expect(await push(repository, wrong.remote(app)).ended).toMatchObject({
    code: 128,
    output: expect.stringContaining("Authentication failed"),
  })
  const stranger = await signUp(platform)
  const [here, nowhere] = [await push(repository, stranger.remote(app)).ended, await push(repository, stranger.remote("no-such-app")).ended]
  expect(here.code).toBe(128)
  expect(here.output.replaceAll(app, "X").replaceAll(stranger.key, "")).toBe(
    nowhere.output.replaceAll("no-such-app", "X").replaceAll(stranger.key, ""),
  )
})
