import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { s3SlugStore } from "@/server/drivers/slug-store/s3"
import { testBucket } from "@/server/drivers/slug-store/testing/bucket"
import { systemClock } from "@/server/kernel/clock"
import { exec } from "@/server/runner/exec"
import type { Container } from "@/server/runner/protocol"
import { outside } from "@/server/testing/outside"
import { type TestApi, testApi } from "@/server/testing/run-container-api"
import { aOneOff, aReplica, ended, noContainers, printed, type TestRunner, testRunner, until } from "@/server/testing/runner"
import { helloSlug } from "@/server/testing/slug"

const limits = { memoryBytes: 500_000_000, cpus: 1, cpuShares: 512, pids: 1024, diskBytes: 256_000_000 }

describe.skipIf(noContainers)(`a run container ${noContainers ?? ""}`, () => {
  let part: TestRunner
  let api: TestApi
  const keys = mkdtempSync(path.join(tmpdir(), "ph-keys-"))

  beforeAll(async () => {
    part = await testRunner()
    api = await testApi(part.home, await helloSlug())
    for (const name of ["hers", "his"]) await exec("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(keys, name)])
  })
  afterEach(async () => {
    api.config = {}
    api.sshKeys = ""
    api.slugUrl = null
    await part.removeAll()
  })
  afterAll(async () => {
    api?.close()
    rmSync(keys, { recursive: true, force: true })
    await part?.close()
  })

  const start = (id: string, slot = 2) => {
    const env = { APP_NAME: "hello", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: "3", HOST_INDEX: String(slot - 2), SOURCE_VERSION: "abc" }
    return part.runner.create(aReplica({ id, slot, env: { ...env, PHIAL_KEYS_SECONDS: "1" }, limits }))
  }

  const answers = (replica: Container) =>
    until(
      async () =>
        fetch(`http://${replica.address}:4000/`).then(
          (response) => response.ok,
          () => false,
        ),
      "an answer",
    )

  const env = (replica: Container, name: string) => fetch(`http://${replica.address}:4000/env/${name}`).then((response) => response.text())

  /** As the official command line does: as root, who is the app's own user there. */
  const sshArguments = (replica: Container, key: string) => {
    const options = ["StrictHostKeyChecking=no", `UserKnownHostsFile=${keys}/known`, "LogLevel=ERROR", "BatchMode=yes", "ConnectTimeout=3"]
    return [...options.flatMap((option) => ["-o", option]), "-p", "2222", "-i", path.join(keys, key), `root@${replica.address}`]
  }

  const ssh = (replica: Container, key: string, ...command: string[]) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      execFile("ssh", [...sshArguments(replica, key), ...command], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out: (stdout + stderr).trim() }),
      )
    })

  const publicKey = (name: string) => readFileSync(path.join(keys, `${name}.pub`), "utf8")

  it("sets the platform's variables, and the app's config over them", async () => {
    api.config = { GREETING: "two\nlines = here", POOL_SIZE: "7", LIBCLUSTER_KUBERNETES_NODE_BASENAME: "mine", "bad-name": "x" }
    const replica = await start("hello-vars00")
    await answers(replica)
    const found = Object.fromEntries(
      await Promise.all(Object.keys(expected(replica)).map(async (name) => [name, await env(replica, name)] as const)),
    )
    expect(found).toEqual(expected(replica))
    expect(printed(replica)).toContain("Attempting to start 'hello' on host 'hello-vars00'. Attempting health checks on port 4000.")
  })

  const expected = ({ address }: Container) => ({
    ...{ GREETING: "two\nlines = here", POOL_SIZE: "7", HOME: "/app", PORT: "4000", HOST_INDEX: "0", MY_POD_IP: address },
    ...{ APP_NAME: "hello", APP_KEY: "key", SOURCE_VERSION: "abc", SECRET_KEY_BASE: "s".repeat(64), ERLANG_COOKIE: "a-cookie" },
    ...{ MY_NODE_NAME: `hello@${address}`, MY_COOKIE: "a-cookie", RELEASE_NODE: `hello@${address}`, RELEASE_COOKIE: "a-cookie" },
    ...{ RELEASE_DISTRIBUTION: "name", LIBCLUSTER_KUBERNETES_SELECTOR: "repo=hello", LIBCLUSTER_KUBERNETES_NODE_BASENAME: "mine" },
    ...{
      PHX_SERVER: "true",
      GIGALIXIR__APP_NAME: "hello",
      GIGALIXIR__REPLICA_IP: address,
      REPLACE_OS_VARS: "true",
      PHIAL__SLUG_URL: "",
      STATE: "",
    },
  })

  it("ends with the app's exit code, and finishes cleanly when it is told to stop", async () => {
    const replica = await start("hello-stop00")
    await answers(replica)
    await part.runner.stop(replica.id, 20)
    expect(await ended(part.runner, replica.id)).toMatchObject({ code: 0 })
    expect(printed(replica)).toContain("Shutting down 'hello' on host 'hello-stop00'.")
    expect(printed(replica)).toContain("SIGTERM received - shutting down")
    expect(printed(replica)).toContain("'hello' on host 'hello-stop00' ended with exit code 0.")
  })

  it("waits for a platform that is away, and says so once", async () => {
    api.close()
    const replica = await start("hello-away00")
    await until(async () => printed(replica).includes("The platform is away: waiting for it."), "the word")
    api = await testApi(part.home, await helloSlug())
    await answers(replica)
    expect(printed(replica).match(/The platform is away/g)).toHaveLength(1)
  })

  it("refuses a slug that is not what the release says", async () => {
    api.close()
    api = await testApi(part.home, { ...(await helloSlug()), sha256: "0".repeat(64) })
    const replica = await start("hello-torn00")
    expect(await ended(part.runner, replica.id)).toMatchObject({ code: 1 })
    expect(printed(replica)).toContain("The slug is damaged: its SHA-256 is not 000")
    api.close()
    api = await testApi(part.home, await helloSlug())
  })

  it("fetches its slug from storage elsewhere, by a URL that is signed for a while", async () => {
    const world = await outside()
    const at = { socket: path.join(keys, "bucket.sock"), endpoint: `${world.url}:9000` }
    const bucket = await testBucket(systemClock, at)
    try {
      await world.lead(9000, at.socket)
      const store = s3SlugStore({ bucket, clock: systemClock })
      const copy = path.join(keys, "slug.tar.zst")
      copyFileSync((await helloSlug()).file, copy)
      const { sha256 } = await store.put(copy)

      api.slugUrl = await store.signedUrl(sha256, 60)
      bucket.cutsNext = true
      const replica = await start("hello-s3url0")
      await answers(replica)
      const reads = () => bucket.requests.filter((line) => line.startsWith("GET /slugs/phial/"))
      expect(reads()).toEqual([expect.stringMatching(/ 200$/), expect.stringMatching(/ 200$/)])

      const anHourAgo = { now: () => new Date(Date.now() - 3_600_000) }
      api.slugUrl = await s3SlugStore({ bucket, clock: anHourAgo }).signedUrl(sha256, 60)
      const late = await start("hello-s3late", 3)
      expect(await ended(part.runner, late.id)).toMatchObject({ code: 1 })
      expect(printed(late)).toContain("The slug could not be fetched.")
      expect(reads()).toHaveLength(3)
      expect(reads()[2]).toMatch(/ 403$/)
    } finally {
      await bucket.close()
      world.close()
    }
  })

  it("lets in by SSH who has a key, with the app's environment, until the key is gone", async () => {
    api.sshKeys = publicKey("hers")
    api.config = { GREETING: "hei hei" }
    const replica = await start("hello-ssh000")
    await answers(replica)
    const hers = (...command: string[]) => ssh(replica, "hers", ...command)
    expect(await hers('echo "$GREETING" $PWD $(whoami) $PHIAL__SLUG_URL')).toEqual({ code: 0, out: "hei hei /app app" })
    expect(await hers("gigalixir_run", "shell", "--", "echo", "'$GREETING'", "'a  b'")).toEqual({ code: 0, out: "$GREETING a  b" })
    expect((await hers("rpc", "IO.puts(node())")).out).toBe(`hello@${replica.address}`)
    expect((await hers("gigalixir_run", "distillery-eval", "--", "'IO.puts(1 + 1)'")).out).toBe("2")
    expect((await hers("exit", "5")).code).toBe(5)
    expect(await hers("gigalixir_run", "no-such-form")).toEqual({ code: 2, out: "gigalixir_run: unknown command 'no-such-form'" })
    // Time and again, from the address that all come from: it must not shut her out.
    for (let attempt = 0; attempt < 5; attempt++) expect((await ssh(replica, "his", "true")).code).toBe(255)
    expect((await hers("true")).code).toBe(0)
    api.sshKeys = publicKey("his")
    await until(async () => (await hers("true")).code === 255, "her to be refused")
    expect((await ssh(replica, "his", "true")).code).toBe(0)
  })

  describe("of a one-off", () => {
    const run = async (id: string, ...command: string[]) => {
      const env = { APP_NAME: "hello", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: "3", SOURCE_VERSION: "abc" }
      const made = await part.runner.create(aOneOff({ id, command, env, limits }))
      return { made, exit: await ended(part.runner, id), text: printed(made).trim() }
    }

    it("runs its command in the app's folder with the app's environment, and prints nothing of its own", async () => {
      api.config = { GREETING: "hei hei", POOL_SIZE: "7" }
      const script =
        'echo "$PWD $GREETING $POOL_SIZE $SOURCE_VERSION $MY_NODE_NAME index=$HOST_INDEX server=$PHX_SERVER $PHIAL__SLUG_URL"; exit 3'
      const { made, exit, text } = await run("hello-run-env000", "bash", "-c", script)
      expect(text).toBe(`/app hei hei 7 abc hello@${made.address} index= server=`)
      expect(exit).toMatchObject({ code: 3 })
    })

    it("evaluates in the release, without a node of the app", async () => {
      const { exit, text } = await run("hello-run-eval00", "bin/hello", "eval", "IO.puts(inspect {1 + 1, Node.alive?()})")
      expect([exit.code, text]).toEqual([0, "{2, false}"])
    })

    it("says that there is no such program", async () => {
      const { exit, text } = await run("hello-run-none00", "rake", "db:migrate")
      expect([exit.code, text]).toEqual([127, "rake: there is no such program in the app or its stack."])
    })

    it("passes a stop on to all that the command started", async () => {
      const script = "trap 'echo tidied; exit 4' TERM; echo up; while true; do sleep 0.1; done"
      const env = { APP_NAME: "hello", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: "3" }
      const made = await part.runner.create(
        aOneOff({ id: "hello-run-stop00", command: ["sh", "-c", `bash -c "${script}"; exit $?`], env, limits }),
      )
      await until(async () => printed(made).includes("up"), "it to be up")
      await part.runner.stop(made.id, 20)
      await ended(part.runner, made.id)
      expect(printed(made)).toContain("tidied")
      expect(printed(made)).not.toContain("hello-run-stop00")
    })
  })

  it("migrates in the running node by SSH, and in a node of its own in a one-off", async () => {
    api.sshKeys = publicKey("hers")
    api.migrateCommand = 'IO.puts("migrates in #{node()}")'
    const replica = await start("hello-migr00")
    await answers(replica)
    expect(await ssh(replica, "hers", "gigalixir_run", "migrate", "-m", "shop")).toEqual({
      code: 0,
      out: `migrates in hello@${replica.address}`,
    })
    expect(api.asked).toContain("/api/apps/hello/releases/migrate-command?format=text&migration_app_name=shop")
    const env = { APP_NAME: "hello", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: "3" }
    const oneOff = await part.runner.create(
      aOneOff({ id: "hello-run-migr00", command: ["sh", "-c", "gigalixir_run migrate"], env, limits }),
    )
    expect(await ended(part.runner, oneOff.id)).toMatchObject({ code: 0 })
    expect(printed(oneOff).trim()).toBe("migrates in nonode@nohost")
    api.migrateCommand = 'raise "no database"'
    const failing = await part.runner.create(aOneOff({ id: "hello-run-migr01", command: ["gigalixir_run", "migrate"], env, limits }))
    expect(await ended(part.runner, failing.id)).toMatchObject({ code: 1 })
    expect(printed(failing)).toContain("no database")
  })

  it("says whether it answers with the status that is expected", async () => {
    api.sshKeys = publicKey("hers")
    const replica = await start("hello-check0")
    await answers(replica)
    const check = (...args: string[]) => ssh(replica, "hers", "/phial/run-container/check", ...args)
    expect(await check("/", "200-399")).toEqual({ code: 0, out: "" })
    expect(await check("/nothing?at[all]", "404")).toEqual({ code: 0, out: "" })
    expect(await check("/nothing", "200-399")).toEqual({ code: 1, out: "The app answered 404." })
  })

  it("drains until nobody is connected any more, and no longer than it may", async () => {
    api.sshKeys = publicKey("hers")
    const replica = await start("hello-drain0")
    await answers(replica)
    const visitor = connect(4000, replica.address)
    await once(visitor, "connect")
    expect(await ssh(replica, "hers", "/phial/run-container/drain", "1", "0")).toEqual({ code: 0, out: "Open connections: 1." })

    const draining = spawn("ssh", [...sshArguments(replica, "hers"), "/phial/run-container/drain", "600", "0"])
    let said = ""
    draining.stdout.on("data", (text) => {
      said += text
    })
    await until(async () => said.includes("connections: 1"), "the visitor to be seen")
    expect(draining.exitCode).toBeNull()
    visitor.destroy()
    expect((await once(draining, "exit"))[0]).toBe(0)
    expect(said).toContain("Open connections: 0.")
  })

  it("gives all replicas of an app one host key", async () => {
    const [one, two] = [await start("hello-key000"), await start("hello-key001", 3)]
    const keyOf = (replica: Container) =>
      until(async () => {
        const scan = await exec("ssh-keyscan", ["-p", "2222", "-t", "ed25519", replica.address]).catch(() => "")
        return /ssh-ed25519 (\S+)/.exec(scan)?.[1]
      }, "its SSH")
    expect(await keyOf(one)).toBe(await keyOf(two))
  })

  it("opens a remote console in the running node", async () => {
    api.sshKeys = publicKey("hers")
    const replica = await start("hello-iex000")
    await answers(replica)
    const options = ["StrictHostKeyChecking=no", `UserKnownHostsFile=${keys}/known`, "LogLevel=ERROR"].flatMap((option) => ["-o", option])
    const args = [
      "-tt",
      ...options,
      "-p",
      "2222",
      "-i",
      path.join(keys, "hers"),
      `root@${replica.address}`,
      "gigalixir_run",
      "remote_console",
    ]
    const child = execFile("ssh", args)
    let seen = ""
    child.stdout?.on("data", (text: string) => {
      seen += text
    })
    await until(async () => seen.includes("iex(hello@"), "the prompt")
    child.stdin?.write("6 * 7\n")
    await until(async () => seen.includes("42"), "the answer")
    child.kill()
  })
})
