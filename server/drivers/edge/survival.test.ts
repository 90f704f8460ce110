import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { startLoad } from "@/server/testing/load"
import { ask as command } from "./haproxy/socket"
import { makeWorld, tcpCheck, type Upstream, until, type World } from "./testing/world"

const app = { id: "shop", name: "shop" }
const route = { appId: app.id, appName: app.name, hosts: ["shop.example"], state: "serving" } as const

let world: World
let upstream: Upstream
beforeEach(async () => {
  world = await makeWorld()
  upstream = await world.upstream("a")
  await world.edge.route(route)
  await world.edge.balance(app, [{ id: "shop-a", address: upstream.address, traffic: "active" }], tcpCheck)
})
afterEach(() => world.close())

const admin = (text: string) => command(`${world.dir}/admin.sock`, [text])
const masterPid = () => Number(readFileSync(`${world.dir}/haproxy.pid`, "utf8"))
const answers = async (host = "shop.localhost") => (await world.get(host)).status === 200

describe("the controller dies", () => {
  it("its successor takes the running HAProxy over without a failed request", async () => {
    const pid = masterPid()
    const load = startLoad({ port: world.port, host: "shop.localhost", perSecond: 200 })
    const successor = world.secondEdge()
    await successor.start()
    await successor.balance(app, [{ id: "shop-a", address: upstream.address, traffic: "active" }], tcpCheck)
    await until("requests are answered", () => load.answered() > 100)
    expect((await load.stop()).failures).toEqual([])
    expect(masterPid()).toBe(pid)
    await until("nothing is open", async () => (await successor.connections(app)).size === 0)
  })

  it.each([
    ["a server that is not yet enabled", ["set server b1/shop-a state maint"]],
    ["a server that is not yet checked", ["disable health b1/shop-a"]],
    ["a server that drains by mistake", ["set server b1/shop-a weight 0"]],
    ["a server that is not there", ["set server b1/shop-a state maint", "del server b1/shop-a"]],
    ["a server with another address", ["set server b1/shop-a addr 127.0.0.9 port 9"]],
    ["a server too many", ["add server b1/shop-x 127.0.0.9:9", "set server b1/shop-x state ready"]],
    ["an address that is not known", ["del map HOSTS shop.localhost"]],
    ["an address of an app that is gone", ["add map HOSTS gone.localhost b1/gone/serving"]],
  ])("half-way: %s is put right by the next call", async (_, commands) => {
    const before = await shape()
    for (const text of commands) await admin(text.replace("HOSTS", `${world.dir}/hosts.map`))
    expect(await shape()).not.toEqual(before)
    await world.secondEdge().watch()
    expect(await shape()).toEqual(before)
    // A check may have failed in between; the next one brings the server back.
    await until("it answers", () => answers())
  })

  it("after the state was written, but nothing else: the next call makes the rest", async () => {
    const file = `${world.dir}/state.json`
    const state = JSON.parse(readFileSync(file, "utf8"))
    state.slots = 40
    state.apps.late = { ...state.apps.shop, id: "late", name: "late", slot: 33, hosts: [] }
    writeFileSync(file, JSON.stringify(state))
    await world.secondEdge().watch()
    expect(await answers("late.localhost")).toBe(true)
    expect(await answers()).toBe(true)
  })

  it("leaves no lock behind that holds up the next", async () => {
    writeFileSync(`${world.dir}/lock`, "999999999 1")
    await world.secondEdge().watch()
    expect(await answers()).toBe(true)
  })

  it("two controllers change different apps at once and lose nothing", async () => {
    const [one, two] = [world.secondEdge(), world.secondEdge()]
    const names = Array.from({ length: 12 }, (_, index) => `both-${index}`)
    await Promise.all(
      names.map((name, index) => (index % 2 ? one : two).route({ appId: name, appName: name, hosts: [], state: "maintenance" })),
    )
    for (const name of names) expect((await world.get(`${name}.localhost`)).headers["x-phial-page"]).toBe("maintenance")
  })
})

describe("HAProxy dies", () => {
  it("by kill -9 of its master: the next look brings it back with everything", async () => {
    process.kill(masterPid(), "SIGKILL")
    await until("it is down", async () => !(await world.edge.health()).isUp)
    await world.edge.watch()
    expect(await answers()).toBe(true)
    expect(await answers("shop.example")).toBe(true)
  })

  it("by kill -9 of its worker: the next look brings it back with everything", async () => {
    const pid = masterPid()
    const worker = /^Pid: (\d+)/m.exec(await admin("show info"))?.[1]
    process.kill(Number(worker), "SIGKILL")
    await until("its master is gone", () => !isRunning(pid))
    await world.edge.watch()
    expect(await answers()).toBe(true)
  })

  it("and hangs: it is ended and started anew", async () => {
    const pid = masterPid()
    process.kill(pid, "SIGSTOP")
    await world.edge.watch()
    expect(masterPid()).not.toBe(pid)
    expect(await answers()).toBe(true)
  })

  it("on purpose, by stop, and leaves nothing running", async () => {
    const pid = masterPid()
    await world.edge.stop()
    expect(isRunning(pid)).toBe(false)
    expect(await world.edge.health()).toMatchObject({ isUp: false })
    await expect(world.get("shop.localhost")).rejects.toThrow("ECONNREFUSED")
  })
})

it("two instances live beside each other", async () => {
  const other = await makeWorld()
  try {
    expect((await other.get("shop.localhost")).status).toBe(404)
    await other.edge.stop()
    expect(await answers()).toBe(true)
  } finally {
    await other.close()
  }
})

/** A process that ended but was not yet waited for has no command line. */
const isRunning = (pid: number) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== ""

/** What the running process serves, apart from what changes by itself. */
async function shape(): Promise<string[]> {
  const servers = (await admin("show servers state")).split("\n").filter((line) => / b1 /.test(line))
  const hosts = (await admin(`show map ${world.dir}/hosts.map`)).split("\n").map((line) => line.replace(/^0x\S+ /, ""))
  // Name, address, administrative state, weight, whether it is checked, port.
  return [...servers.map((line) => [3, 4, 6, 7, 18].map((column) => line.split(" ")[column]).join(" ") + isChecked(line)), ...hosts.sort()]
}

const isChecked = (line: string) => (Number(line.split(" ")[13]) & 4 ? " checked" : "")
