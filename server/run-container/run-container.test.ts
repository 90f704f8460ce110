import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { eq } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { GET as slugRoute } from "@/app/api/slugs/[sha256]/route"
import type { Connection } from "@/db/client"
import { apps, configEntries, slugs, sshKeys } from "@/db/schema"
import { setConfig } from "@/server/config"
import { embeddedSlugStore } from "@/server/drivers/slug-store/embedded"
import type { SlugStore } from "@/server/drivers/slug-store/port"
import { readEnv } from "@/server/kernel/env"
import { hashToken, newToken } from "@/server/kernel/secret"
import { shareParts } from "@/server/next/parts"
import { shareSlugStore } from "@/server/next/slug-store"
import { webStream } from "@/server/next/web-stream"
import { basicCli, type Cli, callRoute, cliOf } from "@/server/testing/api"
import { testDatabase } from "@/server/testing/database"
import { aDeploy, anAppWithPeople, aReplica } from "@/server/testing/deploys"
import { testParts } from "@/server/testing/people"

let connection: Connection
let cast: Awaited<ReturnType<typeof anAppWithPeople>>
let app: string
let container: Cli

let dir: string
let store: SlugStore
beforeAll(async () => {
  connection = await testDatabase()
  shareParts({ ...testParts(connection), env: readEnv({ PHIAL_HOME: "/nowhere" }) })
  dir = await mkdtemp(path.join(tmpdir(), "phial-slugs-"))
  store = embeddedSlugStore({ ...testParts(connection), dir: path.join(dir, "store") })
  shareSlugStore(store)
})
afterAll(async () => {
  await connection.close()
  await rm(dir, { recursive: true })
})
beforeEach(async () => {
  cast = await anAppWithPeople(testParts(connection))
  app = cast.app.name
  container = await containerOf(cast.app.id, app)
})

async function containerOf(id: string, name: string): Promise<Cli> {
  const key = newToken()
  await connection.db
    .update(apps)
    .set({ appKeyHash: hashToken(key) })
    .where(eq(apps.id, id))
  return basicCli(name, key)
}

const at = (path: string) => `/api/apps/${app}${path}`

it("hands over the newest release with the config, revealed", async () => {
  await setConfig(cast.owner, { app, values: { GREETING: "hello\nthere", OTHER: "x" } })
  const release = await aDeploy(cast.owner, cast.app, { releaseName: "shop" })
  const { status, json } = await container("GET", at("/releases/current"))
  const secret = cast.owner.secrets.open(cast.app.secretKeyBase)?.reveal()
  expect([status, json]).toMatchObject([
    200,
    {
      data: {
        version: release.version,
        sha: release.slug.commit,
        customer_app_name: "shop",
        config: { GREETING: "hello\nthere", OTHER: "x" },
        secret_key_base: secret,
        slug_url: expect.stringContaining(release.slug.sha256),
      },
    },
  ])
})

it("hands over exactly the release that a replica was made for, as records that a shell can read", async () => {
  await setConfig(cast.owner, { app, values: { GREETING: "two\nlines" } })
  const old = await aDeploy(cast.owner, cast.app)
  await setConfig(cast.owner, { app, values: { GREETING: "newer", POOL_SIZE: "2" } })
  const { status, text } = await container("GET", at(`/releases/current?version=${old.version}&format=env0`))
  expect(status).toBe(200)
  const [platform = "", config] = text.split("\0\0")
  expect(platform.split("\0")).toEqual(
    expect.arrayContaining([
      `PHIAL__SLUG_SHA256=${old.slug.sha256}`,
      "PHIAL__CUSTOMER_APP_NAME=hello",
      "PHIAL__PROCESS_COMMAND=bin/hello start",
      `APP_NAME=${app}`,
      `PHX_HOST=${app}.localhost`,
    ]),
  )
  expect(config).toBe("GREETING=two\nlines\0")
})

it("leaves out what cannot be decrypted", async () => {
  await setConfig(cast.owner, { app, values: { LOST: "x", KEPT: "y" } })
  await aDeploy(cast.owner, cast.app)
  await connection.db.update(configEntries).set({ sealed: "rubbish" }).where(eq(configEntries.key, "LOST"))
  expect(await container("GET", at("/releases/current"))).toMatchObject({ status: 200, json: { data: { config: { KEPT: "y" } } } })
})

it("says that there is nothing to run before the first push, or under a number that is none", async () => {
  expect(await container("GET", at("/releases/current"))).toMatchObject({ status: 404 })
  expect(await container("GET", at("/releases/current?version=2"))).toMatchObject({ status: 404 })
  expect(await container("GET", at("/releases/current?version=x"))).toMatchObject({ status: 422 })
})

it("lets a container reach its own app only, and people none of this", async () => {
  const other = await anAppWithPeople(testParts(connection))
  await aDeploy(other.owner, other.app)
  await aDeploy(cast.owner, cast.app)
  const paths = ["/releases/current", "/ssh_keys", "/releases/migrate-command", "/host_indexes/x/assign"]
  for (const path of paths) {
    expect((await container("GET", `/api/apps/${other.app.name}${path}`)).status, path).toBe(404)
    expect((await (await cliOf(cast.owner))("GET", at(path))).status, path).toBe(404)
    expect((await basicCli(app, "wrong")("GET", at(path))).status, path).toBe(401)
  }
  for (const path of ["", "/configs", "/status"]) expect((await container("GET", at(path))).status, path).toBe(404)
  expect((await container("GET", "/api/apps")).status).toBe(401)
})

it("lists the keys of owner and collaborators, as JSON or as authorized_keys", async () => {
  const { owner, collaborator, viewer, stranger } = cast
  const people = { owner, collaborator, viewer, stranger }
  const values = Object.entries(people).map(([name, { userId }]) => ({ userId, key: `ssh-ed25519 AAAA ${name}`, fingerprint: name }))
  await connection.db.insert(sshKeys).values(values)
  const keys = ["ssh-ed25519 AAAA owner", "ssh-ed25519 AAAA collaborator"]
  expect(await container("GET", at("/ssh_keys"))).toMatchObject({ status: 200, json: { data: keys } })
  expect((await container("GET", at("/ssh_keys?format=text"))).text).toBe(`${keys.join("\n")}\n`)
})

it("tells a replica its index, and how to migrate", async () => {
  const replica = await aReplica(cast.owner, cast.app, await aDeploy(cast.owner, cast.app), { index: 3 })
  expect(await container("GET", at(`/host_indexes/${replica.id}/assign`))).toMatchObject({ status: 200, json: { data: { index: 3 } } })
  expect(await container("GET", at("/host_indexes/nobody/assign"))).toMatchObject({ status: 404 })
  const { json } = await container("GET", at("/releases/migrate-command?migration_app_name=shop"))
  expect((json as { data: string }).data).toContain("Application.fetch_env!(:shop, :ecto_repos)")
  expect((await container("GET", at("/releases/migrate-command?migration_app_name=x%3Ahalt()"))).status).toBe(422)
})

it("streams a slug to whoever has its signed URL, and to nobody else", async () => {
  const bytes = randomBytes(3_000_000)
  await writeFile(path.join(dir, "slug"), bytes)
  const { sha256 } = await store.put(path.join(dir, "slug"))
  const url = await store.signedUrl(sha256, 60)
  const response = await slugRoute(new Request(`http://phial.test${url}`), { params: Promise.resolve({ sha256 }) })
  expect([response.status, response.headers.get("content-length")]).toEqual([200, String(bytes.length)])
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)

  const gone = "0".repeat(64)
  expect((await callRoute("GET", `/api/slugs/${sha256}`)).status).toBe(403)
  expect((await callRoute("GET", url.replace(sha256, gone))).status).toBe(403)
  expect((await callRoute("GET", await store.signedUrl(sha256, -1))).status).toBe(403)
  expect((await callRoute("GET", await store.signedUrl(gone, 60))).status).toBe(404)
})

it("lets go of the file when the asker goes away half-way", async () => {
  await writeFile(path.join(dir, "slug"), randomBytes(5_000_000))
  const { sha256 } = await store.put(path.join(dir, "slug"))
  const { stream } = await store.open(sha256)
  const reader = webStream(stream).getReader()
  await reader.read()
  const closed = once(stream, "close")
  await reader.cancel()
  await closed
})

it("hands over a slug's URL that works", async () => {
  await writeFile(path.join(dir, "slug"), "the slug")
  const { sha256 } = await store.put(path.join(dir, "slug"))
  const { slug } = await aDeploy(cast.owner, cast.app)
  await connection.db.update(slugs).set({ sha256 }).where(eq(slugs.id, slug.id))
  const { json } = await container("GET", at("/releases/current"))
  expect(await callRoute("GET", (json as { data: { slug_url: string } }).data.slug_url)).toMatchObject({ status: 200, text: "the slug" })
})
