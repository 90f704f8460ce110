import { once } from "node:events"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import WebSocket from "ws"
import { startLoad } from "@/server/testing/load"
import type { Endpoint, OpenConnections } from "./port"
import { ask, makeWorld, tcpCheck, type Upstream, until, type World } from "./testing/world"

const app = { id: "shop", name: "shop" }
const endpoint = (letter: string, upstream: Upstream, traffic: Endpoint["traffic"]): Endpoint => ({
  ...{ id: `shop-${letter}`, address: upstream.address, traffic },
})

let world: World
let a: Upstream
let b: Upstream
beforeAll(async () => {
  world = await makeWorld()
  ;[a, b] = await Promise.all([world.upstream("a"), world.upstream("b")])
  await world.edge.route({ appId: app.id, appName: app.name, hosts: [], state: "serving" })
})
afterAll(() => world.close())

const balance = (...endpoints: Endpoint[]) => world.edge.balance(app, endpoints, tcpCheck)
const whoAnswers = async () => JSON.parse((await world.get("shop.localhost")).body).name
const inTurn = (index: number) => (index % 2 === 0 ? ([a, b, "a", "b"] as const) : ([b, a, "b", "a"] as const))

describe("switching", () => {
  it("fails no request over ten switches, ten returns, and reloads in between, at 1,000 requests a second", async () => {
    await balance(endpoint("a", a, "active"))
    const load = startLoad({ port: world.port, host: "shop.localhost", perSecond: 1000 })
    for (let index = 0; index < 10; index++) {
      const [from, to, fromName, toName] = inTurn(index)
      await balance(endpoint(fromName, from, "standby"), endpoint(toName, to, "active"))
      expect(await whoAnswers()).toBe(toName)
      await balance(endpoint(fromName, from, "active"), endpoint(toName, to, "standby"))
      expect(await whoAnswers()).toBe(fromName)
      await balance(endpoint(fromName, from, "draining"), endpoint(toName, to, "active"))
      await balance(endpoint(toName, to, "active"))
      if (index % 3 === 0) await appsThatNeedAReload(index)
      const before = load.answered()
      await until("more answers", () => load.answered() > before + 200)
    }
    expect((await load.stop()).failures).toEqual([])
    expect(load.answered()).toBeGreaterThan(2000)
  }, 180_000)

  it("gives requests to those that stand by as soon as the active one is killed", async () => {
    const doomed = await world.upstream("first")
    await balance(endpoint("a", a, "standby"), endpoint("first", doomed, "active"))
    const load = startLoad({ port: world.port, host: "shop.localhost", perSecond: 1000, path: "/?waitMs=20" })
    await until("requests are answered", () => load.answered() > 200)
    await doomed.kill()
    const before = load.answered()
    await until("requests are answered by the other", () => load.answered() > before + 500)
    expect((await load.stop()).failures).toEqual([])
    expect(await whoAnswers()).toBe("a")
  })

  it.each([
    { how: "at once", isFrozen: false },
    { how: "with requests that it had not read", isFrozen: true },
  ])("loses no request that may be repeated when one of two active ones is killed, $how", async ({ isFrozen }) => {
    const name = `second-${isFrozen}`
    const doomed = await world.upstream(name)
    await balance(endpoint("a", a, "active"), endpoint(name, doomed, "active"))
    const load = startLoad({ port: world.port, host: "shop.localhost", perSecond: 1000, path: "/?waitMs=20" })
    await until("requests are answered", () => load.answered() > 1000)
    if (isFrozen) doomed.freeze()
    const unread = load.asked()
    await until("some have not been read", () => load.asked() > unread + 50)
    await doomed.kill()
    const before = load.answered()
    await until("requests are answered by the other", () => load.answered() > before + 1000)
    expect((await load.stop()).failures).toEqual([])
  })

  it("does not send a POST twice", async () => {
    const doomed = await world.upstream("third")
    await balance(endpoint("a", a, "standby"), endpoint("third", doomed, "active"))
    const posted = ask({
      port: world.port,
      method: "POST",
      path: "/?waitMs=60000",
      headers: { host: "shop.localhost", accept: "text/html" },
    })
    await until("the request is under way", async () => (await world.edge.connections(app)).get("shop-third")?.requests === 1)
    await doomed.kill()
    expect(await posted).toMatchObject({ status: 502, headers: { "x-phial-page": "broken" } })
  })
})

describe("draining", () => {
  it("lets an open WebSocket and a running answer come to their end, over a reload, and counts each", async () => {
    await balance(endpoint("a", a, "active"))
    const socket = new WebSocket(`ws://127.0.0.1:${world.port}/socket`, { headers: { host: "shop.localhost" } })
    await once(socket, "open")
    let isAnswered = false
    const slow = world.get("shop.localhost", "/held").finally(() => {
      isAnswered = true
    })
    await until("both are counted", async () => isSame(await connections(), { requests: 1, sockets: 1 }))

    await balance(endpoint("a", a, "draining"), endpoint("b", b, "active"))
    expect(await whoAnswers()).toBe("b")
    await appsThatNeedAReload(50)
    expect(isAnswered).toBe(false)
    expect(await connections()).toMatchObject({ requests: 1, sockets: 1, sshSessions: 0 })

    await fetch(`http://${a.address}/release`)
    expect(JSON.parse((await slow).body).name).toBe("a")
    socket.send("still there?")
    expect(String((await once(socket, "message"))[0])).toBe("a: still there?")
    await until("one of them is over", async () => isSame(await connections(), { requests: 0, sockets: 1 }))
    socket.close()
    await until("nothing is open", async () => isSame(await connections(), { requests: 0, sockets: 0 }))
  })
})

const isSame = (open: OpenConnections, expected: Omit<OpenConnections, "sshSessions">) =>
  open.requests === expected.requests && open.sockets === expected.sockets

/** Those of `shop-a`. */
async function connections(): Promise<OpenConnections> {
  return (await world.edge.connections(app)).get("shop-a") ?? { requests: 0, sockets: 0, sshSessions: 0 }
}

/** More apps than there are spare backends, all at once. */
async function appsThatNeedAReload(serial: number): Promise<void> {
  const numbers = Array.from({ length: 20 }, (_, index) => `more-${serial}-${index}`)
  await Promise.all(numbers.map((name) => world.edge.route({ appId: name, appName: name, hosts: [], state: "no_release" })))
  for (const name of numbers) expect((await world.get(`${name}.localhost`)).status).toBe(503)
}
