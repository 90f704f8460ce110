import { readFileSync } from "node:fs"
import { Agent } from "node:http"
import { request } from "node:https"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ask, makeWorld, tcpCheck, until, type World } from "./testing/world"

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world.close())

const HTML = { accept: "text/html,application/xhtml+xml" }

describe("pages", () => {
  it("an address without an app is not found, and does not repeat markup", async () => {
    const answer = await world.get("<b>nobody.localhost", "/", HTML)
    expect(answer).toMatchObject({ status: 404, headers: { "x-phial-page": "unknown", "content-type": "text/html; charset=utf-8" } })
    expect(answer.body).toContain("No app answers at bnobody.localhost.")
    expect(answer.body.match(/https?:|src=|<link/g)).toBeNull()
  })

  it.each([
    ["no_release", "git push gigalixir main"],
    ["scaled_to_zero", "gigalixir ps:scale --replicas=1 -a page-shop"],
    ["maintenance", "gigalixir maintenance:off -a page-shop"],
  ] as const)("an app in the state %s says what to do", async (state, command) => {
    await world.edge.route({ appId: "page", appName: "page-shop", hosts: [], state })
    const html = await world.get("page-shop.localhost", "/", HTML)
    expect(html).toMatchObject({ status: 503, headers: { "x-phial-page": state, "cache-control": "no-store" } })
    expect(html.headers["retry-after"]).toBeDefined()
    expect(html.body).toContain(`<code>${command}</code>`)
    const plain = await world.get("page-shop.localhost")
    expect(plain).toMatchObject({ status: 503, headers: { "content-type": "text/plain; charset=utf-8" } })
    expect(plain.body).toContain(command)
    expect(plain.body).not.toContain("<")
  })

  it("an app without a healthy replica says that it does not answer", async () => {
    const gone = await world.upstream("gone")
    await world.edge.route({ appId: "sick", appName: "sick", hosts: [], state: "serving" })
    await world.edge.balance({ id: "sick", name: "sick" }, [{ id: "sick-aaaaaa", address: gone.address, traffic: "active" }], tcpCheck)
    expect(await world.get("sick.localhost")).toMatchObject({ status: 200 })
    await gone.kill()
    await until("the page is shown", async () => (await world.get("sick.localhost", "/", HTML)).headers["x-phial-page"] === "unhealthy")
    expect((await world.get("sick.localhost", "/", HTML)).body).toContain("gigalixir logs -a sick")
    expect(await world.get("sick.localhost")).toMatchObject({ status: 503, headers: { "content-type": "text/plain; charset=utf-8" } })
  })
})

describe("the health check", () => {
  it("takes only the expected status for well", async () => {
    const upstream = await world.upstream("picky")
    await world.edge.route({ appId: "picky", appName: "picky", hosts: [], state: "serving" })
    const expecting = (expectedStatus: string) =>
      world.edge.balance({ id: "picky", name: "picky" }, [{ id: "picky-aaaaaa", address: upstream.address, traffic: "active" }], {
        ...{ kind: "http", path: "/", intervalSeconds: 1 },
        expectedStatus,
      })
    const serves = async () => (await world.get("picky.localhost")).status === 200
    await expecting("200")
    expect(await serves()).toBe(true)
    await expecting("201-299")
    await until("it is taken for sick", async () => !(await serves()))
    await expecting("200-299")
    await until("it is well again", serves)
  })
})

describe("routing", () => {
  it("finds the app by host in any case, with a port, with a final dot, by a custom domain and by a wildcard", async () => {
    const upstream = await world.upstream("found")
    await world.edge.balance({ id: "find", name: "find" }, [{ id: "find-aaaaaa", address: upstream.address, traffic: "active" }], tcpCheck)
    await world.edge.route({ appId: "find", appName: "find", hosts: ["www.find.example", "*.wild.example"], state: "serving" })
    for (const host of ["find.localhost", "FIND.Localhost:8080", "find.localhost.", "www.find.example", "any.wild.example:80"]) {
      expect([host, (await world.get(host)).status]).toEqual([host, 200])
    }
    for (const host of ["find.example", "two.any.wild.example", "a.find.localhost", "localhost"]) {
      expect([host, (await world.get(host)).status]).toEqual([host, 404])
    }
  })

  it("tells the app who asks and how, and believes no client about it", async () => {
    const answer = await world.get("find.localhost:8080", "/", { "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https" })
    expect(JSON.parse(answer.body).headers).toMatchObject({
      host: "find.localhost:8080",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "find.localhost:8080",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it("keeps its connections to an app", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const asked = { port: world.port, headers: { host: "find.localhost" }, agent }
    const connections = new Set<number>()
    for (let index = 0; index < 5; index++) connections.add(JSON.parse((await ask(asked)).body).connection)
    agent.destroy()
    // HAProxy opens one for the first request of a client, lest it meets a closing one with a request that it may not repeat.
    expect(connections.size).toBeLessThanOrEqual(2)
  })

  it("answers over TLS with a certificate for the apps' domain", async () => {
    const ca = readFileSync(`${world.dir}/default.pem`)
    // No client takes `*.localhost` for a name; the apps' domain of a real instance has a dot.
    const checkServerIdentity = () => undefined
    const body = await new Promise<string>((resolve, reject) => {
      request(
        {
          host: "127.0.0.1",
          port: world.tlsPort,
          servername: "find.localhost",
          headers: { host: "find.localhost" },
          ca,
          checkServerIdentity,
        },
        (response) => {
          response.on("data", (chunk) => resolve(String(chunk)))
        },
      )
        .on("error", reject)
        .end()
    })
    expect(JSON.parse(body).headers).toMatchObject({ "x-forwarded-proto": "https" })
  })

  it("takes an app from a domain and from all of its addresses", async () => {
    await world.edge.route({ appId: "find", appName: "find", hosts: [], state: "serving" })
    expect((await world.get("www.find.example")).status).toBe(404)
    await world.edge.unroute("find")
    await world.edge.unroute("find")
    expect((await world.get("find.localhost")).status).toBe(404)
  })

  it("goes into maintenance and comes back", async () => {
    const upstream = await world.upstream("back")
    const route = { appId: "maint", appName: "maint", hosts: [] }
    await world.edge.balance(
      { id: "maint", name: "maint" },
      [{ id: "maint-aaaaaa", address: upstream.address, traffic: "active" }],
      tcpCheck,
    )
    for (const [state, status] of [
      ["serving", 200],
      ["maintenance", 503],
      ["serving", 200],
    ] as const) {
      await world.edge.route({ ...route, state })
      expect((await world.get("maint.localhost")).status).toBe(status)
    }
  })

  it("says that it is up", async () => {
    expect(await world.edge.health()).toMatchObject({ isUp: true, detail: expect.stringContaining("HAProxy") })
  })
})
