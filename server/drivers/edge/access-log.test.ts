import { open } from "node:fs/promises"
import { createInterface } from "node:readline"
import { afterAll, beforeAll, expect, it } from "vitest"
import { makeWorld, type World } from "./testing/world"

let world: World
beforeAll(async () => {
  world = await makeWorld({ hasAccessLog: true })
})
afterAll(() => world.close())

it("nobody reads the access log: requests are answered all the same, and a reader later gets whole lines", async () => {
  // More than the pipe holds.
  for (let index = 0; index < 500; index++) await world.get("nobody.localhost", `/${"x".repeat(200)}?token=secret`)
  const pipe = await open(`${world.dir}/access.pipe`, "r+")
  const lines = createInterface({ input: pipe.createReadStream({ autoClose: false }) })[Symbol.asyncIterator]()
  const first = JSON.parse((await lines.next()).value)
  expect(first).toMatchObject({ host: "nobody.localhost", method: "GET", path: `/${"x".repeat(200)}`, status: 404, client: "127.0.0.1" })

  await world.get('quote".localhost', "/%22%C3%A9", { "user-agent": 'a "b" \\ c' })
  for (;;) {
    const line = JSON.parse((await lines.next()).value)
    if (line.path !== "/%22%C3%A9") continue
    expect(line).toMatchObject({ agent: 'a "b" \\ c', host: 'quote".localhost' })
    break
  }
  // A read that waits for more ends with a last line.
  void world.get("nobody.localhost").catch(() => undefined)
  await pipe.close()
})
