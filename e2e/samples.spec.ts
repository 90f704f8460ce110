import { writeFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { askApp } from "./support/api"
import { push, repositoryOf } from "./support/git"
import { changeSettings, createApp, type Person, runningPlatform, SETTLED_SOON, signUp, until } from "./support/people"

const platform = runningPlatform()
let ada: Person
test.beforeAll(async () => {
  ada = await signUp(platform)
})

const ask = (app: string, path = "/") => askApp(platform.appsPort, app, path)
const logOf = async (app: string) => (await ada.api.call("GET", `/api/apps/${app}/logs?num_lines=500&follow=False`)).text

for (const [sample, says] of [
  ["counter", "hello from version 1"],
  ["mixmode", "mix"],
  ["umbrella", "umbrella"],
] as const) {
  test(`${sample}: a push ends with an app that answers`, async () => {
    const app = await createApp(ada, SETTLED_SOON)
    const { code, output } = await push(repositoryOf(sample), ada.remote(app)).ended
    expect(output).toMatch(/live at/i)
    expect(code, output).toBe(0)
    // The push said that it is live: no waiting here.
    expect(await ask(app)).toMatchObject({ status: 200, text: expect.stringContaining(says) })
  })
}

test("worker: the web process runs, and the push says that the other is not run", async () => {
  const app = await createApp(ada, SETTLED_SOON)
  const { code, output } = await push(repositoryOf("worker"), ada.remote(app)).ended
  expect(code, output).toBe(0)
  expect(output).toContain("process types: web worker")
  expect(output).toContain("these are not run: worker")
  expect((await ask(app)).status).toBe(200)
  // As at Gigalixir only `web` is run; another app of the same repository runs the other.
  expect(await logOf(app)).not.toContain("tick")
})

test("broken: the push is refused with the compiler's words, and the last good release keeps serving", async () => {
  const app = await createApp(ada, SETTLED_SOON)
  const nothing = await push(repositoryOf("broken"), ada.remote(app)).ended
  expect(nothing.code).not.toBe(0)
  expect(nothing.output).toContain('undefined variable "prot"')
  expect(nothing.output).toContain("pre-receive hook declined")
  expect((await ask(app)).status).toBe(503)
  expect((await push(repositoryOf("counter"), ada.remote(app), "+main").ended).code).toBe(0)
  expect((await push(repositoryOf("broken"), ada.remote(app), "+main").ended).output).toContain("did not compile")
  expect((await ask(app, "/healthz")).status).toBe(200)
})

for (const [sample, words, settings] of [
  ["crasher", "crashed", { rollout: { settle_seconds: 10 } }],
  ["deaf", "0.0.0.0", { check: { grace_seconds: 4 } }],
] as const) {
  test(`${sample}: the last good release keeps serving, and the push says why`, async () => {
    const app = await createApp(ada, SETTLED_SOON)
    const good = repositoryOf("counter")
    expect((await push(good, ada.remote(app)).ended).code).toBe(0)
    await changeSettings(ada, app, settings)
    const bad = await push(repositoryOf(sample), ada.remote(app), "+main").ended
    expect(bad.output).toContain(words)
    expect(bad.output).toContain("What ran before goes on")
    expect((await ask(app, "/healthz")).status).toBe(200)
    const { data } = await ada.api.call("GET", `/api/apps/${app}/status`)
    const serving = expect.objectContaining({ status: "Healthy", sha: good.git("rev-parse", "HEAD") })
    expect(data).toMatchObject({ pods: expect.arrayContaining([serving]) })
  })
}

test("withsubmodule: a submodule of a sibling app's repository is built in", async () => {
  const library = await createApp(ada)
  const lib = repositoryOf("withsubmodule-lib")
  // A library serves nothing: its push is not waited for.
  const kept = await push(lib, ada.remote(library), "main", ["PHIAL-NO-WAIT: true"]).ended
  expect(kept.code, kept.output).toBe(0)

  const app = await createApp(ada, SETTLED_SOON)
  const repository = repositoryOf("withsubmodule")
  writeFileSync(path.join(repository.dir, ".gitmodules"), `[submodule "lib"]\n\tpath = vendor/lib\n\turl = ../${library}.git\n`)
  repository.git("update-index", "--add", "--cacheinfo", `160000,${lib.git("rev-parse", "HEAD")},vendor/lib`)
  repository.git("add", ".gitmodules")
  repository.git("commit", "--quiet", "--message", "the library")
  const { code, output } = await push(repository, ada.remote(app)).ended
  expect(code, output).toBe(0)
  expect(await ask(app)).toMatchObject({ status: 200, text: expect.stringContaining("submodule") })
})

test("a config change reaches the app without another build", async () => {
  const app = await createApp(ada, SETTLED_SOON)
  expect((await push(repositoryOf("counter"), ada.remote(app)).ended).code).toBe(0)
  expect((await ada.api.call("POST", `/api/apps/${app}/configs`, { configs: { GREETING: "hello there" } })).status).toBe(201)
  await until("the new value", async () => (await ask(app, "/env")).text.includes("hello there"))
  expect((await ada.api.call("GET", `/api/apps/${app}/builds`)).data).toHaveLength(1)
})
