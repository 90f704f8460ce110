import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { requestBuild } from "@/server/builds"
import { readEnv } from "@/server/kernel/env"
import { shareParts } from "@/server/next/parts"
import { type Answer, basicCli, type Cli, callRoute, cliOf } from "@/server/testing/api"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, aReplica } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"

/** One test a command of the official client: method, body and status as it sends and expects them (gigalixir.md A.4). */
let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
let app: string
let cli: Cli
let strangersCli: Cli
let viewersCli: Cli
beforeAll(async () => {
  connection = await testDatabase()
  shareParts({ ...testParts(connection), env: readEnv({ PHIAL_HOME: "/nowhere", PHIAL_SSH_PORTS: "22000-40000" }) })
})
afterAll(() => connection.close())
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
  app = cast.app.name
  cli = await cliOf(cast.owner)
  strangersCli = await cliOf(cast.stranger)
  viewersCli = await cliOf(cast.viewer)
})

const dataOf = (answer: Answer) => (answer.json as { data: unknown }).data
const at = (path: string) => `/api/apps/${app}${path}`
const errorsOf = (answer: Answer) => [answer.status, (answer.json as { errors: Record<string, string[]> }).errors] as const
const versionsOf = async () => (dataOf(await cli("GET", at("/releases"))) as Array<{ version: number }>).map((release) => release.version)

describe("apps", () => {
  it("gigalixir apps", async () => {
    const answer = await cli("GET", "/api/apps")
    expect([answer.status, dataOf(answer)]).toEqual([
      200,
      [{ cloud: "phial", region: "local", replicas: 0, size: 0.5, stack: "debian-13", unique_name: app, version: 2 }],
    ])
    expect(answer.headers.has("x-latest-version")).toBe(false)
  })

  it("gigalixir apps:create, with a name or none", async () => {
    const named = await cli("POST", "/api/apps", { unique_name: "My-First-App" })
    expect([named.status, dataOf(named)]).toMatchObject([201, { unique_name: "my-first-app", version: 2, replicas: 0 }])
    const unnamed = await cli("POST", "/api/apps", {})
    expect(unnamed.status).toBe(201)
    expect(dataOf(unnamed)).toMatchObject({ unique_name: expect.stringMatching(/^[a-z]+-[a-z]+-[a-z]+$/) })
  })

  it("gigalixir apps:create, refused under the field's name", async () => {
    expect(errorsOf(await cli("POST", "/api/apps", { unique_name: app }))).toEqual([422, { unique_name: ["has already been taken."] }])
    expect(errorsOf(await cli("POST", "/api/apps", { cloud: "aws" }))).toEqual([422, { cloud: ['is "phial" here: leave it out.'] }])
    expect(errorsOf(await cli("POST", "/api/apps", { region: "us-east-1" }))).toMatchObject([422, { region: [expect.any(String)] }])
    expect(errorsOf(await cli("POST", "/api/apps", { stack: "gigalixir-24" }))).toMatchObject([422, { stack: [expect.any(String)] }])
  })

  it("gigalixir apps:info", async () => {
    expect(await cli("GET", at(""))).toMatchObject({ status: 200, json: { data: { unique_name: app, version: 2 } } })
    expect(await cli("GET", `/api/apps/${app.toUpperCase()}`)).toMatchObject({ status: 200 })
  })

  it("gigalixir apps:activity", async () => {
    await cli("PUT", at("/scale"), { replicas: 2 })
    const answer = await cli("GET", at("/activity"))
    expect([answer.status, dataOf(answer)]).toMatchObject([200, [{ action: "app.scaled", actor: cast.owner.email, via: "api" }]])
  })

  it("gigalixir apps:destroy", async () => {
    expect(await cli("DELETE", at(""))).toMatchObject({ status: 200 })
    expect(await cli("GET", at(""))).toMatchObject({ status: 404 })
    expect(dataOf(await cli("GET", "/api/apps"))).toEqual([])
  })
})

describe("ps", () => {
  it("gigalixir ps", async () => {
    const release = await aDeploy(cast.owner, cast.app)
    const replica = await aReplica(cast.owner, cast.app, release)
    const lastExit = { code: 137, reason: "out_of_memory" as const, at: "2026-01-02T03:04:05.000Z" }
    const killed = await aReplica(cast.owner, cast.app, release, { index: 1, state: "waiting", traffic: "none", restarts: 2, lastExit })
    await cli("PUT", at("/scale"), { replicas: 2 })
    const { status, json } = await cli("GET", at("/status"))
    const pod = { sha: release.slug.commit, version: "3" }
    const terminated = { exitCode: 137, reason: "OOMKilled", finishedAt: lastExit.at }
    expect([status, json]).toMatchObject([
      200,
      {
        data: {
          unique_name: app,
          cloud: "phial",
          region: "local",
          stack: "debian-13",
          size: 0.5,
          replicas_desired: 2,
          replicas_running: 1,
          pods: [
            { ...pod, name: replica.id, status: "Healthy", lastState: {} },
            { ...pod, name: killed.id, status: "CrashLoopBackOff", lastState: { terminated } },
          ],
        },
      },
    ])
  })

  it("gigalixir ps:scale", async () => {
    expect(await cli("PUT", at("/scale"), { replicas: 2, size: 0.6 })).toMatchObject({
      status: 200,
      json: { data: { replicas: 2, size: 0.6 } },
    })
    expect(await cli("PUT", at("/scale"), { size: 1 })).toMatchObject({ status: 200, json: { data: { replicas: 2, size: 1 } } })
    expect(errorsOf(await cli("PUT", at("/scale"), { size: 99 }))).toEqual([422, { size: ["is at most 16."] }])
    expect(errorsOf(await cli("PUT", at("/scale"), { replicas: -1 }))).toEqual([422, { replicas: ["cannot be negative."] }])
  })

  it("gigalixir ps:restart", async () => {
    expect(await cli("PUT", at("/restart"))).toMatchObject({ status: 409 })
    await aDeploy(cast.owner, cast.app)
    expect(await cli("PUT", at("/restart"))).toMatchObject({ status: 200 })
  })

  it("gigalixir ps:kill", async () => {
    const replica = await aReplica(cast.owner, cast.app, await aDeploy(cast.owner, cast.app))
    expect(await cli("PUT", at(`/pods/${replica.id}/restart`))).toMatchObject({
      status: 200,
      json: { data: { rollout: expect.any(String) } },
    })
    expect(await cli("DELETE", at(`/pods/${replica.id}`))).toMatchObject({ status: 202 })
    expect(await cli("DELETE", at("/pods/other"))).toMatchObject({ status: 404, json: { data: "Pod other not found." } })
  })

  it("gigalixir ps:ssh asks where, as one string", async () => {
    const { json } = await cli("POST", "/api/apps", {})
    const { unique_name } = (json as { data: { unique_name: string } }).data
    const answer = await cli("GET", `/api/apps/${unique_name}/ssh_ip`)
    expect([answer.status, dataOf(answer)]).toEqual([200, { ssh_ip: expect.stringMatching(/^localhost -p 220[0-9]{2}$/) }])
  })

  it("gigalixir ps:distillery asks for the name under bin/", async () => {
    expect(await cli("GET", at("/releases/latest"))).toMatchObject({ status: 200, json: { data: { version: 2, customer_app_name: null } } })
    await aDeploy(cast.owner, cast.app, { releaseName: "shop" })
    expect(await cli("GET", at("/releases/latest"))).toMatchObject({ json: { data: { version: 3, customer_app_name: "shop" } } })
  })
})

describe("releases", () => {
  it("gigalixir releases", async () => {
    const release = await aDeploy(cast.owner, cast.app)
    const answer = await cli("GET", at("/releases"))
    expect([answer.status, dataOf(answer)]).toMatchObject([200, [{ version: 3, sha: release.slug.commit }, { version: 2, sha: null }, {}]])
    const keys = ["created_at", "sha", "summary", "version"]
    expect(Object.keys((dataOf(answer) as object[])[0] ?? {}).sort()).toEqual(keys)
  })

  it("says what differs between two releases, and never a value", async () => {
    await aDeploy(cast.owner, cast.app)
    await cli("POST", at("/configs"), { configs: { TOKEN: "s3cret", POOL_SIZE: "1" } })
    await aDeploy(cast.owner, cast.app, { elixir: "1.19.0", processTypes: { web: "bin/hello start", worker: "w" } })
    const answer = await viewersCli("GET", at("/releases/compare?from=v3&to=5"))
    expect([answer.status, dataOf(answer)]).toMatchObject([
      200,
      {
        from: { version: 3, kind: "deploy", created_by: cast.owner.email, slug: { elixir: "1.18.3", size_bytes: 1234 } },
        to: { version: 5, slug: { elixir: "1.19.0", process_types: { worker: "w" }, buildpacks: ["elixir", "releases"] } },
        is_same_slug: false,
        config: { added: ["POOL_SIZE", "TOKEN"], changed: [], removed: [] },
      },
    ])
    expect(answer.text).not.toContain("s3cret")
    expect(dataOf(await cli("GET", at("/releases/compare?from=3&to=4")))).toMatchObject({ is_same_slug: true })
    expect(await cli("GET", at("/releases/compare?from=3&to=99"))).toMatchObject({ status: 404 })
    expect(errorsOf(await cli("GET", at("/releases/compare?from=3")))).toMatchObject([422, { to: [expect.any(String)] }])
  })

  it("gigalixir releases:rollback", async () => {
    await aDeploy(cast.owner, cast.app)
    await aDeploy(cast.owner, cast.app)
    expect(await cli("POST", at("/releases/3/rollback"))).toMatchObject({ status: 200, json: { data: { version: 5 } } })
    expect(await versionsOf()).toEqual([5, 4, 3, 2, 1])
    expect(await cli("POST", at("/releases/99/rollback"))).toMatchObject({ status: 404 })
    expect(await cli("POST", at("/releases/x/rollback"))).toMatchObject({ status: 422 })
  })
})

describe("config", () => {
  it("gigalixir config, config:set and config:unset", async () => {
    const body = { configs: { DATABASE_URL: "ecto://x", EMPTY: "" }, avoid_restart: false }
    expect(await cli("POST", at("/configs"), body)).toMatchObject({ status: 201 })
    expect(await cli("GET", at("/configs"))).toMatchObject({ status: 200, json: { data: body.configs } })
    expect(await cli("DELETE", at("/configs"), { key: "EMPTY" })).toMatchObject({ status: 200 })
    expect(dataOf(await cli("GET", at("/configs")))).toEqual({ DATABASE_URL: "ecto://x" })
    expect(await versionsOf()).toEqual([4, 3, 2, 1])
  })

  it("gigalixir config:set --no_restart, and ours to apply it later", async () => {
    await aDeploy(cast.owner, cast.app)
    const body = { configs: { A: "1" }, avoid_restart: true }
    expect(await cli("POST", at("/configs"), body)).toMatchObject({ status: 201, json: { data: { version: 4, rolled_out: false } } })
    expect(await cli("POST", at("/configs/apply"))).toMatchObject({
      status: 200,
      json: { data: { version: 4, added: ["A"], rolled_out: true } },
    })
    expect(await cli("POST", at("/configs/apply"))).toMatchObject({ status: 409 })
  })

  it("gigalixir config:set holds by the app's setting: its client always says avoid_restart", async () => {
    await aDeploy(cast.owner, cast.app)
    await cli("PUT", at("/settings"), { rollout: { config_changes: "next_deploy" } })
    const body = { configs: { A: "1" }, avoid_restart: false }
    expect(await cli("POST", at("/configs"), body)).toMatchObject({ status: 201, json: { data: { rolled_out: false } } })
  })

  it("gigalixir config:set, refused under the key", async () => {
    expect(errorsOf(await cli("POST", at("/configs"), { configs: { PORT: "80", "1A": "x" } }))).toMatchObject([
      422,
      { PORT: [expect.any(String)], "1A": [expect.any(String)] },
    ])
    expect(await cli("POST", at("/configs"), { configs: { A: 1 } })).toMatchObject({ status: 422 })
    expect(await cli("POST", at("/configs"), {})).toMatchObject({ status: 422 })
  })

  it("gigalixir config:copy", async () => {
    const { json } = await cli("POST", "/api/apps", {})
    const target = (json as { data: { unique_name: string } }).data.unique_name
    await cli("POST", at("/configs"), { configs: { A: "1" }, avoid_restart: true })
    expect(await cli("POST", `/api/apps/${target}/configs/copy`, { from: app })).toMatchObject({ status: 200 })
    expect(dataOf(await cli("GET", `/api/apps/${target}/configs`))).toEqual({ A: "1" })
  })
})

describe("the rest", () => {
  it("gigalixir stack:set, maintenance:on and maintenance:off", async () => {
    expect(await cli("PUT", at("/stack"), { stack: "debian-12" })).toMatchObject({ status: 200 })
    expect(await cli("PUT", at("/stack"), { stack: "gigalixir-24" })).toMatchObject({ status: 422 })
    expect(await cli("PUT", at("/maintenance"), { enable: true })).toMatchObject({ status: 200, json: { data: { enable: true } } })
    expect(await cli("PUT", at("/maintenance"), { enable: false })).toMatchObject({ status: 200, json: { data: { enable: false } } })
    expect(errorsOf(await cli("PUT", at("/maintenance"), {}))).toMatchObject([422, { enable: [expect.any(String)] }])
  })

  it("gigalixir access", async () => {
    const answer = await viewersCli("GET", at("/permissions"))
    const { owner, collaborator, viewer } = cast
    const data = { owner: owner.email, collaborators: [collaborator.email], viewers: [viewer.email] }
    expect([answer.status, dataOf(answer)]).toEqual([200, data])
  })

  it("says 501 and a sentence to what Phial does not have, and 404 to what nobody has", async () => {
    for (const path of ["/canaries", "/domains", "/drains", "/databases", "/observer-commands"]) {
      const answer = await cli("GET", at(path))
      expect([answer.status, answer.text], path).toEqual([501, expect.stringMatching(/Phial does not have .* yet\./)])
    }
    expect(await cli("POST", at("/permissions"), { email: "x@y.z", role: "VIEWER" })).toMatchObject({ status: 501 })
    expect(await cli("DELETE", at("/canaries/other"))).toMatchObject({ status: 501 })
    expect(await cli("GET", at("/nonsense"))).toMatchObject({ status: 404 })
  })

  it("answers builds, and ends one", async () => {
    const build = await requestBuild(cast.owner, { app, id: randomUUID(), commit: "c".repeat(40), message: "m", branch: "main" })
    expect(await cli("GET", at("/builds"))).toMatchObject({ status: 200, json: { data: [{ id: build.id, number: 1, state: "queued" }] } })
    expect(await cli("GET", at("/builds/1"))).toMatchObject({ status: 200, json: { data: { id: build.id } } })
    expect(await cli("POST", at(`/builds/${build.id}/cancel`))).toMatchObject({ status: 202 })
    expect(await cli("GET", at("/builds/nothing"))).toMatchObject({ status: 404 })
  })

  it("answers rollouts, says what rolls, and cancels it", async () => {
    expect(await cli("GET", at("/rollouts"))).toMatchObject({ status: 200, json: { data: [] } })
    expect(await cli("GET", at("/rollouts/current"))).toMatchObject({ status: 404 })
    await aDeploy(cast.owner, cast.app)
    await cli("PUT", at("/restart"))
    const [rollout] = dataOf(await cli("GET", at("/rollouts"))) as Array<{ id: string }>
    expect(rollout).toMatchObject({ kind: "restart", state: "waiting", version: 3, reason: null, steps: [], ended_at: null })
    for (const which of ["current", rollout?.id]) {
      expect(await viewersCli("GET", at(`/rollouts/${which}`))).toMatchObject({
        status: 200,
        json: { data: { id: rollout?.id, created_by: cast.owner.email, replicas_desired: 0, usual_seconds: null, release_command: null } },
      })
    }
    expect(dataOf(await cli("GET", at("/status")))).toMatchObject({
      status: "deploying",
      rollout: { id: rollout?.id, state: "waiting", version: 3 },
      next_rollout: null,
    })
    const cancelled = { state: "cancelled", reason: `Cancelled by ${cast.owner.email}.` }
    expect(await cli("POST", at("/rollouts/current/cancel"))).toMatchObject({ status: 202, json: { data: cancelled } })
    expect(await cli("POST", at(`/rollouts/${rollout?.id}/cancel`))).toMatchObject({ status: 409 })
    expect(dataOf(await cli("GET", at("/rollouts")))).toMatchObject([cancelled, { state: "settled" }])
    for (const which of ["nothing", randomUUID()]) {
      expect(await cli("GET", at(`/rollouts/${which}`))).toMatchObject({ status: 404 })
      expect(await cli("POST", at(`/rollouts/${which}/cancel`))).toMatchObject({ status: 404 })
    }
  })

  it("answers and changes settings", async () => {
    const defaults = dataOf(await cli("GET", at("/settings")))
    expect(defaults).toEqual({
      check: {
        ...{ kind: "tcp", path: "/", expected_status: "200-399", grace_seconds: 60 },
        ...{ interval_seconds: 1, timeout_seconds: 1, successes: 1, failures: 3 },
      },
      rollout: {
        ...{ batch_size: 0, wait_seconds: 0, settle_seconds: 10, drain_seconds: 30 },
        ...{ strategy: "rolling", config_changes: "now" },
      },
      release_command: { command: "", time_limit_seconds: 600 },
    })
    const changed = {
      check: { kind: "http", path: "/up", expected_status: "200", grace_seconds: 5 },
      rollout: { wait_seconds: 3, strategy: "hot" },
      release_command: { command: "gigalixir_run migrate" },
    }
    expect(await cli("PUT", at("/settings"), changed)).toMatchObject({ status: 200, json: { data: changed } })
    expect(await viewersCli("GET", at("/settings"))).toMatchObject({ status: 200, json: { data: changed } })
    expect(dataOf(await cli("GET", at("/settings")))).toMatchObject({ check: { failures: 3 }, rollout: { drain_seconds: 30 } })
    const refused = { check: { grace_seconds: 0, expected_status: "399-200" }, release_command: { time_limit_seconds: 1 } }
    expect(errorsOf(await cli("PUT", at("/settings"), refused))).toMatchObject([
      422,
      {
        "check.grace_seconds": ["is at least 1."],
        "check.expected_status": ["begins with the lower status."],
        "release_command.time_limit_seconds": ["is at least 5."],
      },
    ])
  })
})

const reads = [
  "",
  "/status",
  "/releases",
  "/releases/latest",
  "/releases/compare?from=1&to=2",
  "/activity",
  "/permissions",
  "/builds",
  "/rollouts",
  "/rollouts/current",
  "/settings",
  "/ssh_ip",
  "/domains",
]
const changes: Array<[method: "POST" | "PUT" | "DELETE", path: string, body: object]> = [
  ["DELETE", "", {}],
  ["PUT", "/scale", { replicas: 1 }],
  ["PUT", "/restart", {}],
  ["DELETE", "/pods/x", {}],
  ["PUT", "/pods/x/restart", {}],
  ["POST", "/releases/1/rollback", {}],
  ["POST", "/configs", { configs: { A: "1" } }],
  ["DELETE", "/configs", { key: "A" }],
  ["POST", "/configs/apply", {}],
  ["PUT", "/maintenance", { enable: true }],
  ["PUT", "/stack", { stack: "debian-13" }],
  ["PUT", "/settings", {}],
  ["POST", "/builds/1/cancel", {}],
  ["POST", "/rollouts/current/cancel", {}],
]

describe("who may", () => {
  it.each(reads)("GET …%s is nothing to a stranger, and 401 without a key", async (path) => {
    expect((await strangersCli("GET", at(path))).status).toBe(404)
    expect((await basicCli(cast.owner.email, "wrong")("GET", at(path))).status).toBe(401)
    expect((await callRoute("GET", at(path))).status).toBe(401)
  })

  it.each(changes)("%s …%s is nothing to a stranger, and 403 to a viewer", async (method, path, body) => {
    expect((await strangersCli(method, at(path), body)).status).toBe(404)
    expect((await viewersCli(method, at(path), body)).status).toBe(403)
    expect((await callRoute(method, at(path))).status).toBe(401)
  })

  it("GET …/configs shows values to neither", async () => {
    expect((await strangersCli("GET", at("/configs"))).status).toBe(404)
    expect((await viewersCli("GET", at("/configs"))).status).toBe(403)
  })
})
