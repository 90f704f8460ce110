import { once } from "node:events"
import { readFileSync } from "node:fs"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { ask as command } from "./haproxy/socket"
import { rangesOf } from "./haproxy/ssh"
import type { Endpoint } from "./port"
import { makeWorld, tcpCheck, type Upstream, until, type World } from "./testing/world"

const RANGE = 8

/** Below the ports that the system gives out by itself. */
async function freeRange(): Promise<{ first: number; last: number }> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000)
    const servers = await Promise.all(Array.from({ length: RANGE }, (_, index) => listening(first + index).catch(() => null)))
    for (const server of servers) server?.close()
    if (servers.every((server) => server !== null)) return { first, last: first + RANGE - 1 }
  }
}

async function listening(port: number, host = "127.0.0.1"): Promise<Server> {
  const server = createServer().listen(port, host)
  await once(server, "listening")
  return server
}

const shop = { id: "shop", name: "shop" }
let world: World
let web: Upstream
let port: number
const servers: Server[] = []
const sockets: Socket[] = []

beforeAll(async () => {
  const sshPorts = await freeRange()
  port = sshPorts.first
  world = await makeWorld({ sshPorts })
  web = await world.upstream("web")
  await route("shop", port)
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(async () => {
  for (const server of servers) server.close()
  await world.close()
})

const route = (name: string, sshPort: number | null) =>
  world.edge.route({ appId: name, appName: name, hosts: [], state: "maintenance", sshPort })

/** An SSH server as far as the edge sees: greets with its name, then repeats what it hears. */
async function sshServer(name: string): Promise<{ endpoint(traffic?: Endpoint["traffic"]): Endpoint; close(): void }> {
  const server = await listening(0, `127.0.7.${servers.length + 1}`)
  servers.push(server)
  server.on("connection", (socket) => {
    socket.on("error", () => undefined)
    socket.write(name)
    socket.pipe(socket)
  })
  const { address, port } = server.address() as AddressInfo
  const endpoint = (traffic: Endpoint["traffic"] = "active") => ({
    ...{ id: `shop-${name}`, address: web.address, sshAddress: `${address}:${port}`, traffic },
  })
  return { endpoint, close: () => server.close() }
}

/** @returns the open connection and whom it reached. @throws when it is refused. */
async function dial(to: number, from = "127.0.0.1"): Promise<{ socket: Socket; name: string }> {
  const socket = connect({ host: "127.0.0.1", port: to, localAddress: from })
  sockets.push(socket)
  const [greeting] = await Promise.race([once(socket, "data"), once(socket, "end").then(() => ["nobody"])])
  return { socket, name: String(greeting) }
}

const namesFrom = async (clients: readonly string[]) => Promise.all(clients.map(async (client) => (await dial(port, client)).name))
const clients = Array.from({ length: 24 }, (_, index) => `127.0.8.${index + 1}`)
const workerPid = async () => /^Pid: (\d+)/m.exec(await command(`${world.dir}/admin.sock`, ["show info"]))?.[1]

describe("an app's SSH port", () => {
  it("leads each client to one of its active replicas, and always to the same", async () => {
    const [a, b, c] = await Promise.all([sshServer("a"), sshServer("b"), sshServer("c")])
    await world.edge.balance(shop, [a.endpoint(), b.endpoint(), c.endpoint("standby")], tcpCheck)
    const names = await namesFrom(clients)
    expect(new Set(names)).toEqual(new Set(["a", "b"]))
    expect(await namesFrom(clients)).toEqual(names)
  })

  it("leads to another when a replica's SSH does not answer", async () => {
    const [gone, there] = await Promise.all([sshServer("gone"), sshServer("there")])
    await world.edge.balance(shop, [gone.endpoint(), there.endpoint()], tcpCheck)
    gone.close()
    expect(new Set(await namesFrom(clients))).toEqual(new Set(["there"]))
  })

  it("works for a new app without a reload", async () => {
    const before = await workerPid()
    const fresh = await sshServer("fresh")
    await route("other", port + 1)
    await world.edge.balance({ id: "other", name: "other" }, [fresh.endpoint()], tcpCheck)
    expect((await dial(port + 1)).name).toBe("fresh")
    expect(await workerPid()).toBe(before)
    await world.edge.unroute("other")
    await expect(dial(port + 1)).rejects.toThrow("ECONNRESET")
  })

  it("refuses while no replica runs, and where there is no app", async () => {
    await world.edge.balance(shop, [], tcpCheck)
    await expect(dial(port)).rejects.toThrow("ECONNRESET")
    await expect(dial(port + 2)).rejects.toThrow("ECONNRESET")
  })

  it("keeps a session open while its replica drains, over a reload and a second controller, and counts it", async () => {
    const [old, next] = await Promise.all([sshServer("old"), sshServer("next")])
    await world.edge.balance(shop, [old.endpoint()], tcpCheck)
    const { socket, name } = await dial(port)
    expect(name).toBe("old")
    await world.edge.balance(shop, [old.endpoint("draining"), next.endpoint()], tcpCheck)
    const before = await workerPid()
    await Promise.all(Array.from({ length: 40 }, (_, index) => route(`more-${index}`, null)))
    expect(await workerPid()).not.toBe(before)
    await world.secondEdge().start()

    socket.write("still there?")
    expect(String((await once(socket, "data"))[0])).toBe("still there?")
    expect((await dial(port)).name).toBe("next")
    expect((await world.edge.connections(shop)).get("shop-old")).toEqual({ requests: 0, sockets: 0, sshSessions: 1 })
    socket.destroy()
    await until("nothing of it is open", async () => !(await world.edge.connections(shop)).has("shop-old"))
  })
})

describe("a port of the range that another program has", () => {
  it("is left out and said, and is taken once it is free", async () => {
    const sshPorts = await freeRange()
    const other = await listening(sshPorts.first + 3)
    const second = await makeWorld({ sshPorts })
    try {
      expect(await second.edge.health()).toMatchObject({ isUp: true, detail: expect.stringContaining("1 of the SSH ports") })
      await expect(dial(sshPorts.first + 4)).rejects.toThrow("ECONNRESET")
      await new Promise((resolve) => other.close(resolve))
      await second.edge.watch()
      expect((await second.edge.health()).detail).not.toContain("SSH")
      await expect(dial(sshPorts.first + 3)).rejects.toThrow("ECONNRESET")
    } finally {
      other.close()
      await second.close()
    }
  })

  it("holds the edge up for one attempt only when it came while HAProxy was down", async () => {
    const sshPorts = await freeRange()
    const second = await makeWorld({ sshPorts })
    await second.edge.stop()
    const other = await listening(sshPorts.first)
    try {
      await expect(second.edge.start()).rejects.toMatchObject({ code: "unavailable" })
      await second.edge.watch()
      expect(await second.edge.health()).toMatchObject({ isUp: true, detail: expect.stringContaining("1 of the SSH ports") })
    } finally {
      other.close()
      await second.close()
    }
  })
})

it("listens on ranges", () => {
  expect(rangesOf([])).toEqual([])
  expect(rangesOf([22000, 22001, 22002, 22004, 22006, 22007])).toEqual(["22000-22002", "22004", "22006-22007"])
  expect(readFileSync(`${world.dir}/haproxy.cfg`, "utf8")).toContain(`bind 127.0.0.1:${port}-${port + RANGE - 1}\n`)
})
