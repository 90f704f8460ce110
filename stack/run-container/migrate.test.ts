import { writeFile } from "node:fs/promises"
import path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { migrateExpression } from "@/server/run-container/migrate-expression"
import { type BuildBench, buildBench } from "@/server/testing/builds"
import { type TestApi, testApi } from "@/server/testing/run-container-api"
import { aOneOff, ended, noContainers, printed } from "@/server/testing/runner"

const limits = { memoryBytes: 500_000_000, cpus: 1, cpuShares: 512, pids: 1024, diskBytes: 400_000_000 }
/** With it the app is built as a release. */
const RUNTIME = 'import Config\nconfig :migrating, Migrating.Repo, url: System.get_env("DATABASE_URL")\n'

/** Real slugs of an app with two migrations. */
describe.skipIf(noContainers)(`gigalixir_run migrate in a one-off ${noContainers ?? ""}`, { timeout: 120_000 }, () => {
  let bench: BuildBench
  let api: TestApi
  beforeAll(async () => {
    bench = await buildBench(null)
    api = await testApi(bench.part.home, { file: "/nowhere", sha256: "0".repeat(64) })
    api.migrateCommand = migrateExpression(null)
    await addRelease("1", { "config/runtime.exs": RUNTIME })
    await addRelease("2", {})
  }, 120_000)
  afterEach(async () => {
    for (const { id } of await bench.part.runner.list({ kind: "one_off" })) await bench.part.runner.remove(id)
  })
  afterAll(async () => {
    api?.close()
    await bench?.close()
  })

  async function addRelease(version: string, files: Record<string, string>): Promise<void> {
    const order = bench.order("migrating", files)
    const { world, lines } = await bench.build(order)
    expect(world, lines.join("\n")).toMatchObject({ code: 0 })
    const { sha256, meta } = await bench.builderWith({}).collect(order.id)
    expect(meta.mode).toBe(version === "1" ? "release" : "mix")
    const file = path.join(bench.part.home.root, `${sha256}.tar.zst`)
    await writeFile(file, (await bench.slugStore.open(sha256)).stream)
    api.releases.set(version, { file, sha256, name: "migrating", config: {} })
  }

  async function migrate(version: string, config: Record<string, string>, ...words: string[]) {
    const release = api.releases.get(version)
    if (release) release.config = config
    const env = { APP_NAME: "migrating", APP_KEY: "key", PORT: "4000", PHIAL_RELEASE: version }
    const made = await bench.part.runner.create(
      aOneOff({ id: "shop-run-aaaaaa", command: ["gigalixir_run", "migrate", ...words], env, limits }),
    )
    return { ...(await ended(bench.part.runner, made.id)), text: printed(made) }
  }

  const DATABASE_URL = "ecto://shop"

  it.each([
    { mode: "release", version: "1" },
    { mode: "mix", version: "2" },
  ])("runs all migrations in order, in a node that is not the app's: $mode", async ({ version }) => {
    const { code, text } = await migrate(version, { DATABASE_URL })
    expect(code, text).toBe(0)
    const told = text.split("\n").filter((line) => line.includes("was told"))
    expect(told).toEqual([
      "ecto://shop was told by nonode@nohost: CREATE TABLE carts (id bigserial PRIMARY KEY)",
      "ecto://shop was told by nonode@nohost: ALTER TABLE carts ADD COLUMN total bigint",
    ])
    expect(text).toContain("== Running 20260102000000 Migrating.Repo.Migrations.AddTotal.change/0 forward")
  })

  it.each([{ version: "1" }, { version: "2" }])("fails when a migration does: release $version", async ({ version }) => {
    const { code, text } = await migrate(version, { DATABASE_URL, LOCKED: "yes" })
    expect(code).toBe(1)
    expect(text).toContain("CREATE TABLE carts")
    expect(text).toContain("relation carts is locked")
  })

  it("fails when the app's config has no database", async () => {
    const { code, text } = await migrate("1", {})
    expect([code, text]).toEqual([1, expect.stringContaining("DATABASE_URL is missing")])
  })

  it("says that there is nothing to migrate", async () => {
    api.migrateCommand = migrateExpression(null).replaceAll(":ecto_repos", ":no_repos")
    const { code, text } = await migrate("1", { DATABASE_URL })
    api.migrateCommand = migrateExpression(null)
    expect([code, text]).toEqual([0, expect.stringContaining("There is no Ecto repository to migrate")])
  })
})
