import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { type TestBucket, testBucket } from "@/server/drivers/slug-store/testing/bucket"
import { systemClock } from "@/server/kernel/clock"
import { type Outside, outside } from "@/server/testing/outside"
import { askApp } from "./support/api"
import { push, repositoryOf } from "./support/git"
import { setUpOperator } from "./support/operator"
import { createApp, type Person, SETTLED_SOON, until } from "./support/people"
import { type Platform, startPlatform, stopPlatform } from "./support/platform"

const PORT = 9000
let folder: string
let world: Outside
let bucket: TestBucket
let platform: Platform
let operator: Person

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "phial-bucket-"))
  world = await outside()
  const socket = path.join(folder, "bucket.sock")
  bucket = await testBucket(systemClock, { socket, endpoint: `${world.url}:${PORT}` })
  await world.lead(PORT, socket)
  platform = await startPlatform(undefined, {
    PHIAL_SLUG_STORE: `s3://${bucket.name}/${bucket.prefix}?endpoint=${bucket.endpoint}&region=${bucket.region}`,
    AWS_ACCESS_KEY_ID: bucket.accessKeyId,
    AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey.reveal(),
    AWS_SESSION_TOKEN: bucket.sessionToken?.reveal() ?? "",
  })
  operator = await setUpOperator(platform)
})
test.afterAll(async () => {
  await stopPlatform(platform)
  await bucket.close()
  world.close()
  rmSync(folder, { recursive: true })
})

test("slugs live in the storage that the operator named, and a push waits for it while it is away", async () => {
  const app = await createApp(operator, SETTLED_SOON)
  const asked = (line: RegExp) => bucket.requests.some((request) => line.test(request))

  bucket.isBusy = true
  const pushing = push(repositoryOf("counter"), operator.remote(app))
  await until("the storage to be asked in vain", () => asked(/^PUT .* 503$/), 120)
  bucket.isBusy = false
  const { code, output } = await pushing.ended
  expect(code, output).toBe(0)
  expect(output).toMatch(/\blive\b/i)

  expect((await askApp(platform.appsPort, app)).status).toBe(200)
  expect([...bucket.objects.keys()]).toEqual([expect.stringMatching(/^phial\/[0-9a-f]{64}\.tar\.zst$/)])
  // The replica came for it itself, by a URL that the storage checked.
  expect(asked(/^GET .*\.tar\.zst 200$/)).toBe(true)
  expect(readdirSync(path.join(platform.home, "slugs"))).toEqual([])

  expect((await operator.api.call("DELETE", `/api/apps/${app}`)).status).toBe(200)
  await until("its slug to be gone", () => bucket.objects.size === 0)
})
