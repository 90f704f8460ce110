import { randomBytes } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { eq } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { apps } from "@/db/schema"
import type { App } from "@/server/access"
import { testDatabase } from "@/server/testing/database"
import { aProject, type Build, begin, commit, fakeController, type GitServer, gitServer, keyOf, run } from "@/server/testing/git-server"
import { anApp, aPerson, share, testParts } from "@/server/testing/people"

type Person = Awaited<ReturnType<typeof aPerson>>

let connection: Connection
let server: GitServer
beforeAll(async () => {
  connection = await testDatabase()
  server = await gitServer(connection)
})
afterAll(async () => {
  await server.close()
  await connection.close()
})

let owner: Person
let app: App
let remote: string
let controller: ReturnType<typeof fakeController>
beforeEach(async () => {
  owner = await aPerson(testParts(connection))
  app = await anApp(owner, { replicas: 1 })
  remote = await server.remote(owner, app)
  controller = fakeController(owner, app)
})
afterEach(expectNothingLeft)

const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: 20_000, interval: 20 })

async function theBuild(number = 1): Promise<Build> {
  await eventually(async () => (await controller.builds()).length).toBeGreaterThanOrEqual(number)
  const build = (await controller.builds())[number - 1]
  if (!build) throw new Error("no build")
  return build
}

/** Plays a build and a rollout that go well. */
async function goWell(number = 1, lines: string[] = ["-----> Compiling"]): Promise<void> {
  const build = await theBuild(number)
  await controller.begin(build)
  await controller.say(build, ...lines)
  const release = await controller.succeed(build)
  await controller.roll(release.id)
}

async function tip(branch = "main"): Promise<string> {
  return (await run(server.repository(app), "rev-parse", "--verify", "--quiet", `refs/heads/${branch}`)).said.trim()
}

/** No objects under way, no open spools; sources only of builds that a controller still has to clean up. */
async function expectNothingLeft(): Promise<void> {
  const objects = path.join(server.repository(app), "objects")
  const inTransit = () =>
    existsSync(objects) ? readdirSync(objects).filter((name) => name.startsWith("tmp_") || name.includes("incoming")) : []
  await eventually(inTransit).toEqual([])
  await eventually(() => readdirSync(path.join(server.home, "run")).filter((name) => name !== "hook.sock")).toEqual([])
  const sources = path.join(server.home, "sources")
  const strays = existsSync(sources) ? readdirSync(sources).filter((name) => !/^[0-9a-f-]{36}\.(tar|json)$/.test(name)) : []
  expect(strays).toEqual([])
}

const sourcesOf = (build: Pick<Build, "id">) =>
  existsSync(path.join(server.home, "sources"))
    ? readdirSync(path.join(server.home, "sources")).filter((name) => name.startsWith(build.id))
    : []

describe("a push", () => {
  it("builds, shows the build as it prints, moves the branch and follows the rollout", async () => {
    const dir = await aProject(server.home)
    const pushing = begin(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    await controller.begin(build)
    await controller.say(build, "-----> Compiling", "\u001b[32mGreen\u001b[0m")
    await eventually(pushing.said).toContain("remote: \u001b[32mGreen")
    expect(await tip()).toBe("")
    const release = await controller.succeed(build)
    await eventually(pushing.said).toContain(`Release v${release.version}`)
    await controller.roll(release.id)
    await pushing.ended
    expect(pushing.said()).toMatch(new RegExp(`Build #1 of ${app.name}: ${build.commit.slice(0, 7)} on main`))
    expect(pushing.said()).toMatch(new RegExp(`Live at http://${app.name}\\.localhost:8080 \\(took [0-9.]+ s\\)`))
    expect(pushing.said()).toMatch(/HEAD -> main/)
    expect([pushing.child.exitCode, await tip()]).toEqual([0, build.commit])
    expect(build).toMatchObject({ branch: "main", message: "Change", cleanCache: false, hotUpgrade: false, userId: owner.userId })
  })

  it("of master is built too, and a clone checks it out; a push of no change is none", async () => {
    const dir = await aProject(server.home, { "mix.exs": "# master\n" })
    const [{ code }] = await Promise.all([run(dir, "push", remote, "HEAD:master"), goWell()])
    expect(code).toBe(0)
    expect((await run(dir, "push", remote, "HEAD:master")).said).toContain("Everything up-to-date")
    const clone = path.join(mkdtempSync(path.join(server.home, "clone-")), "it")
    expect((await run(server.home, "clone", "--quiet", remote, clone)).code).toBe(0)
    expect(readFileSync(path.join(clone, "mix.exs"), "utf8")).toBe("# master\n")
    expect(await controller.builds()).toHaveLength(1)
  })

  it("tells the hook of its headers", async () => {
    const dir = await aProject(server.home)
    const headers = ["GIGALIXIR-CLEAN: true", "GIGALIXIR-HOT: true", "PHIAL-NO-WAIT: true"].flatMap((one) => [
      "-c",
      `http.extraheader=${one}`,
    ])
    const pushing = begin(dir, ...headers, "push", remote, "HEAD:main")
    const build = await theBuild()
    expect(build).toMatchObject({ cleanCache: true, hotUpgrade: true })
    await controller.succeed(build)
    await pushing.ended
    expect(pushing.said()).toContain("The rollout goes on")
    expect(pushing.said()).toContain(`/apps/${app.name}/logs`)
  })

  it("of a new commit that was forced replaces the branch", async () => {
    const dir = await aProject(server.home)
    await Promise.all([run(dir, "push", remote, "HEAD:main"), goWell()])
    await run(dir, "commit", "--amend", "--quiet", "--allow-empty", "-m", "Amended")
    expect((await run(dir, "push", remote, "HEAD:main")).said).toContain("non-fast-forward")
    const [forced] = await Promise.all([run(dir, "push", "--force", remote, "HEAD:main"), goWell(2)])
    expect(forced.code).toBe(0)
    expect(await tip()).toBe((await run(dir, "rev-parse", "HEAD")).said.trim())
  })

  it("of 50 MB comes through, and its source holds all of it", async () => {
    const dir = await aProject(server.home, { "mix.exs": "#\n", "priv/big.bin": randomBytes(50_000_000) })
    const pushing = run(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    const archive = path.join(server.home, "sources", `${build.id}.tar`)
    expect(readFileSync(archive).length).toBeGreaterThan(50_000_000)
    await goWell()
    expect((await pushing).code).toBe(0)
  })

  it("of a failed rollout has succeeded, and says why the rollout did not", async () => {
    const dir = await aProject(server.home)
    const pushing = run(dir, "push", remote, "HEAD:main")
    const release = await controller.succeed(await theBuild())
    await controller.roll(release.id, { state: "failed", liveAt: null, reason: "It crashed.", lastLines: ["boom", "boom"] })
    const { code, said } = await pushing
    expect(code).toBe(0)
    expect(said).toContain("failed: It crashed.")
    expect(said.match(/\| boom/g)).toHaveLength(2)
  })
})

describe("the release command of a push", () => {
  it("is told as it prints, and a line that it prints twice twice", async () => {
    const settings = { ...app.settings, releaseCommand: { command: "migrate", timeLimitSeconds: 60 } }
    await connection.db.update(apps).set({ settings }).where(eq(apps.id, app.id))
    const dir = await aProject(server.home)
    const pushing = begin(dir, "push", remote, "HEAD:main")
    const release = await controller.succeed(await theBuild())
    const printed = await controller.releaseCommand(release)
    await eventually(pushing.said).toContain("Release command: migrate (at most 1 minute)")
    await printed.say("up", "up")
    await eventually(() => pushing.said().match(/^remote: +up/gm)?.length).toBe(2)
    await printed.end("failed", "It ended with exit code 1.")
    await controller.roll(release.id, { state: "reverted", liveAt: null, reason: "It failed.", lastLines: ["up"] })
    await pushing.ended
    expect(pushing.said()).toContain("was taken back: It failed.")
    expect(pushing.said()).not.toContain("| up")
  })
})

describe("a push is refused", () => {
  it("when the build fails, with its last word, and nothing of it is kept", async () => {
    const dir = await aProject(server.home)
    const pushing = run(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    await controller.fail(build, "It does not compile.")
    const { code, said } = await pushing
    expect(code).toBe(1)
    expect(said.match(/It does not compile\./g)).toHaveLength(1)
    expect(said).toContain("pre-receive hook declined")
    expect([await tip(), sourcesOf(build)]).toEqual(["", []])
    expect((await run(server.repository(app), "cat-file", "-e", build.commit)).code).not.toBe(0)
  })

  it("of another branch, and of a deletion, with a sentence", async () => {
    const dir = await aProject(server.home)
    const other = await run(dir, "push", remote, "HEAD:topic")
    expect([other.code, other.said]).toEqual([1, expect.stringContaining("only main or master is built: git push <remote> topic:main")])
    await Promise.all([run(dir, "push", remote, "HEAD:main"), goWell()])
    const gone = await run(dir, "push", remote, ":main")
    expect([gone.code, gone.said]).toEqual([1, expect.stringContaining("main cannot be deleted")])
    expect(await tip()).not.toBe("")
  })

  it("for the branch beside main only, and tags are kept", async () => {
    const dir = await aProject(server.home)
    await run(dir, "tag", "v1")
    const [{ said, code }] = await Promise.all([run(dir, "push", remote, "HEAD:main", "HEAD:topic", "v1"), goWell()])
    expect(said).toMatch(/\[remote rejected\] HEAD -> topic \(only main or master is built/)
    expect(code).toBe(1)
    expect([await tip(), await tip("topic")]).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/), ""])
    expect((await run(server.repository(app), "tag")).said.trim()).toBe("v1")
  })

  it("with a wrong key, for a stranger and for a viewer, who may clone", async () => {
    const dir = await aProject(server.home)
    const [viewer, stranger] = [await aPerson(testParts(connection)), await aPerson(testParts(connection))]
    await share(app, viewer, "VIEWER")
    const wrong = await run(
      dir,
      "push",
      `http://${encodeURIComponent(owner.email)}:nope@127.0.0.1:${server.port}/git/${app.name}.git`,
      "HEAD:main",
    )
    expect(wrong.said).toMatch(/remote: Give your e-mail .* API key[\s\S]*Authentication failed/)
    const unknown = await run(dir, "push", await server.remote(stranger, app), "HEAD:main")
    expect(unknown.said).toMatch(/remote: App not found/)
    const readOnly = await run(dir, "push", await server.remote(viewer, app), "HEAD:main")
    expect(readOnly.said).toMatch(/remote: You are a viewer of this app/)
    expect([wrong.code, unknown.code, readOnly.code]).toEqual([128, 128, 128])
    await Promise.all([run(dir, "push", remote, "HEAD:main"), goWell()])
    const clone = path.join(mkdtempSync(path.join(server.home, "clone-")), "it")
    expect((await run(server.home, "clone", "--quiet", await server.remote(viewer, app), clone)).code).toBe(0)
  })

  it("when it would lose what another person builds or has pushed", async () => {
    const other = await aPerson(testParts(connection))
    await share(app, other, "COLLABORATOR")
    const [mine, theirs] = [await aProject(server.home, { a: "a" }), await aProject(server.home, { b: "b" })]
    const pushing = run(mine, "push", remote, "HEAD:main")
    const build = await theBuild()
    const second = await run(theirs, "push", await server.remote(other, app), "HEAD:main")
    expect([second.code, second.said]).toEqual([
      1,
      expect.stringContaining(`Build #1 of ${build.commit.slice(0, 7)} by ${owner.email} is under way`),
    ])
    await goWell()
    await pushing
    expect(await controller.builds()).toHaveLength(1)
  })
})

describe("pushes side by side", () => {
  it("queue; the second says what it waits for, and the branch ends at the newest", async () => {
    const dir = await aProject(server.home)
    const first = run(dir, "push", remote, "HEAD:main")
    const one = await theBuild(1)
    await controller.begin(one)
    const next = await commit(dir, { more: "x" })
    const second = begin(dir, "push", remote, "HEAD:main")
    const two = await theBuild(2)
    await eventually(second.said).toContain(`Waiting for build #1 of this app (${one.commit.slice(0, 7)})`)
    await controller.roll((await controller.succeed(one)).id)
    expect((await first).code).toBe(0)
    await controller.begin(two)
    await controller.roll((await controller.succeed(two)).id)
    await second.ended
    expect([second.child.exitCode, await tip()]).toEqual([0, next])
  })

  it("of the same commit share one build", async () => {
    const dir = await aProject(server.home)
    const first = run(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    const second = begin(dir, "push", remote, "HEAD:main")
    await eventually(second.said).toContain("Build #1")
    await controller.roll((await controller.succeed(build)).id)
    await second.ended
    expect([(await first).code, second.child.exitCode]).toEqual([0, 0])
    expect(await controller.builds()).toHaveLength(1)
  })
})

describe("a pusher who leaves", () => {
  it("during the build does not stop it: the branch moves and the release is made", async () => {
    const dir = await aProject(server.home)
    const pushing = begin(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    await controller.begin(build)
    await eventually(pushing.said).toContain("Ctrl-C leaves this push")
    process.kill(-(pushing.child.pid ?? 0), "SIGINT")
    await pushing.ended
    await controller.say(build, "still building")
    const release = await controller.succeed(build)
    await eventually(tip).toBe(build.commit)
    await controller.roll(release.id)
  })

  it("during the build that then fails leaves nothing", async () => {
    const dir = await aProject(server.home)
    const pushing = begin(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    await eventually(pushing.said).toContain("Ctrl-C leaves this push")
    process.kill(-(pushing.child.pid ?? 0), "SIGKILL")
    await pushing.ended
    await controller.fail(build, "No.")
    await eventually(() => sourcesOf(build)).toEqual([])
    expect(await tip()).toBe("")
  })

  it("during the upload leaves nothing", async () => {
    const dir = await aProject(server.home, { "big.bin": randomBytes(80_000_000) })
    const pushing = begin(dir, "-c", "http.postBuffer=100000", "push", remote, "HEAD:main")
    const objects = path.join(server.repository(app), "objects")
    await eventually(() => existsSync(objects) && readdirSync(objects).some((name) => name.includes("incoming"))).toBe(true)
    process.kill(-(pushing.child.pid ?? 0), "SIGKILL")
    await pushing.ended
    await expectNothingLeft()
    expect(await tip()).toBe("")
  })
})

it("goes on from the last line after the web process was away", async () => {
  const dir = await aProject(server.home)
  const pushing = begin(dir, "push", remote, "HEAD:main")
  const build = await theBuild()
  await controller.begin(build)
  await controller.say(build, "line one")
  await eventually(pushing.said).toContain("line one")
  await server.stopHooks()
  await controller.say(build, "line two")
  await server.startHooks()
  await eventually(pushing.said).toContain("line two")
  await server.stopHooks()
  const release = await controller.succeed(build)
  await server.startHooks()
  await controller.roll(release.id)
  await pushing.ended
  expect(pushing.child.exitCode).toBe(0)
  expect(pushing.said().match(/line one/g)).toHaveLength(1)
  expect(pushing.said().match(/Build #1/g)).toHaveLength(1)
})

describe("submodules", () => {
  it("of other places are listed for the build, those of this platform are in the source", async () => {
    const lib = await anApp(owner, { replicas: 1 })
    const libController = fakeController(owner, lib)
    const libDir = await aProject(server.home, { "lib.ex": "lib\n" })
    const pushingLib = run(libDir, "push", await server.remote(owner, lib), "HEAD:main")
    await eventually(async () => (await libController.builds()).length).toBe(1)
    const [libBuild] = await libController.builds()
    if (libBuild) await libController.roll((await libController.succeed(libBuild)).id)
    expect((await pushingLib).code).toBe(0)
    const commitOfLib = (await run(libDir, "rev-parse", "HEAD")).said.trim()

    const dir = await aProject(server.home, {
      ".gitmodules": `[submodule "near"]\n\tpath = vendor/near\n\turl = ../${lib.name}.git\n[submodule "far"]\n\tpath = far\n\turl = https://example.com/far.git\n`,
      "mix.exs": "#\n",
    })
    await run(dir, "update-index", "--add", "--cacheinfo", `160000,${commitOfLib},vendor/near`)
    await run(dir, "update-index", "--add", "--cacheinfo", `160000,${"a".repeat(40)},far`)
    await run(dir, "commit", "--quiet", "-m", "Submodules")
    const pushing = run(dir, "push", remote, "HEAD:main")
    const build = await theBuild()
    const at = (kind: string) => path.join(server.home, "sources", `${build.id}.${kind}`)
    expect(JSON.parse(readFileSync(at("json"), "utf8"))).toEqual([
      { path: "far", commit: "a".repeat(40), url: "https://example.com/far.git" },
    ])
    const { execFileSync } = await import("node:child_process")
    const names = execFileSync("tar", ["-tf", at("tar")])
      .toString()
      .split("\n")
    expect(names).toEqual(expect.arrayContaining(["mix.exs", "vendor/near/lib.ex"]))
    await goWell()
    expect((await pushing).code).toBe(0)
  })

  it("that nobody can fetch refuse the push with what to do", async () => {
    const dir = await aProject(server.home, { ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = git@example.com:x.git\n' })
    await run(dir, "update-index", "--add", "--cacheinfo", `160000,${"a".repeat(40)},x`)
    await run(dir, "commit", "--quiet", "-m", "Submodule")
    expect((await run(dir, "push", remote, "HEAD:main")).said).toContain(
      "The submodule x is at git@example.com:x.git: give it an https URL.",
    )
    const stranger = await anApp(await aPerson(testParts(connection)))
    await commit(dir, { ".gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ../${stranger.name}.git\n` })
    await run(dir, "update-index", "--add", "--cacheinfo", `160000,${"a".repeat(40)},x`)
    await run(dir, "commit", "--quiet", "-m", "Stranger")
    expect((await run(dir, "push", remote, "HEAD:main")).said).toContain(`of the app ${stranger.name}, which is not there`)
    expect(await controller.builds()).toEqual([])
  })
})

it("takes the raw e-mail as a user name too, and the short form of the address", async () => {
  const key = await keyOf(owner)
  const auth = `http.extraheader=Authorization: Basic ${Buffer.from(`${owner.email}:${key}`).toString("base64")}`
  const dir = await aProject(server.home)
  for (const form of [`/git/${app.name}.git/`, `/${app.name}.git`]) {
    expect((await run(dir, "-c", auth, "ls-remote", `http://127.0.0.1:${server.port}${form}`)).code).toBe(0)
  }
})
