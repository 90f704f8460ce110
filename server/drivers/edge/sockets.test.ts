import { once } from "node:events"
import { readFileSync } from "node:fs"
import { connect } from "node:http2"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import WebSocket from "ws"
import { parseDetails, parseSessions } from "./haproxy/sessions"
import { ask as command } from "./haproxy/socket"
import type { Endpoint } from "./port"
import { makeWorld, tcpCheck, type Upstream, until, type World } from "./testing/world"

const shop = { id: "shop", name: "shop" }
const blog = { id: "blog", name: "blog" }
const endpoint = (app: { id: string }, upstream: Upstream, traffic: Endpoint["traffic"], letter = "a"): Endpoint => ({
  ...{ id: `${app.id}-${letter}`, address: upstream.address, traffic },
})

describe("giving WebSockets up", () => {
  let world: World
  let a: Upstream
  let b: Upstream
  let closed: Map<WebSocket, number>
  beforeEach(async () => {
    closed = new Map()
    world = await makeWorld()
    ;[a, b] = await Promise.all([world.upstream("a"), world.upstream("b")])
    for (const app of [shop, blog]) {
      await world.edge.route({ appId: app.id, appName: app.name, hosts: [], state: "serving" })
      await world.edge.balance(app, [endpoint(app, a, "active")], tcpCheck)
    }
  })
  afterEach(() => world.close())

  async function open(app: { name: string }, count: number): Promise<WebSocket[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${world.port}/socket`, { headers: { host: `${app.name}.localhost` } })
        socket.on("close", (code) => closed.set(socket, code))
        await once(socket, "open")
        return socket
      }),
    )
  }

  const openSockets = async (app: { id: string; name: string }, letter = "a") =>
    (await world.edge.connections(app)).get(`${app.id}-${letter}`)?.sockets ?? 0

  async function echoes(socket: WebSocket): Promise<string> {
    socket.send("there?")
    return String((await once(socket, "message"))[0])
  }

  it("leaves as many as it was told, those of other endpoints and apps, and every request; again changes nothing", async () => {
    const [, others] = [await open(shop, 40), await open(blog, 20)]
    const answer = world.get("shop.localhost", "/held")
    await world.edge.balance(shop, [endpoint(shop, a, "draining"), endpoint(shop, b, "active", "b")], tcpCheck)
    const staying = await open(shop, 10)
    await until("all are counted", async () => (await openSockets(shop)) === 40 && (await openSockets(shop, "b")) === 10)

    for (const most of [30, 30, 7]) {
      await world.edge.closeSockets(shop, new Map([["shop-a", most]]))
      await until(`${most} are left`, async () => closed.size === 40 - most && (await openSockets(shop)) === most)
    }
    await world.edge.closeSockets(shop, new Map([["shop-a", 0]]))
    await until("none is left", () => closed.size === 40)
    expect(new Set(closed.values())).toEqual(new Set([1006]))
    for (const socket of [...others, ...staying]) expect(await echoes(socket)).toMatch(/^[ab]: there\?$/)
    expect((await world.edge.connections(shop)).get("shop-a")).toEqual({ requests: 1, sockets: 0, sshSessions: 0 })
    await fetch(`http://${a.address}/release`)
    expect((await answer).status).toBe(200)
  })

  it("reaches those that an old process of HAProxy still has after reloads, and the new ones", async () => {
    await open(shop, 20)
    const others = await open(blog, 20)
    await reload(1)
    await open(shop, 10)
    await reload(2)
    await open(shop, 5)
    await world.edge.balance(shop, [endpoint(shop, a, "draining"), endpoint(shop, b, "active", "b")], tcpCheck)
    expect(await openSockets(shop)).toBe(35)
    await world.secondEdge().closeSockets(shop, new Map([["shop-a", 12]]))
    await expect.poll(async () => [closed.size, await openSockets(shop)], { timeout: 20_000 }).toEqual([23, 12])
    await world.edge.closeSockets(shop, new Map([["shop-a", 0]]))
    await until("none is left", async () => closed.size === 35 && (await openSockets(shop)) === 0)
    for (const socket of others) expect(await echoes(socket)).toBe("a: there?")
  })

  it("knows those that share an HTTP/2 connection with requests, and cuts only these", async () => {
    const client = connect(`https://127.0.0.1:${world.tlsPort}`, { rejectUnauthorized: false })
    await once(client, "remoteSettings")
    const authority = { ":authority": "shop.localhost" }
    const upgrade = {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": "https",
      ":path": "/socket",
      "sec-websocket-version": "13",
    }
    const sockets = [1, 2, 3].map(() => client.request({ ...authority, ...upgrade }))
    const responses = await Promise.all(sockets.map((socket) => once(socket, "response")))
    for (const [headers] of responses) expect(headers).toMatchObject({ ":status": 200 })
    const answer = client.request({ ...authority, ":path": "/held" }).resume()
    const answered = once(answer, "end")
    await until("all are counted", async () => {
      const open = (await world.edge.connections(shop)).get("shop-a")
      return open?.sockets === 3 && open.requests === 1
    })
    let ended = 0
    for (const socket of sockets)
      socket
        .resume()
        .on("error", () => undefined)
        .on("close", () => ended++)
    await world.edge.closeSockets(shop, new Map([["shop-a", 1]]))
    await until("two are cut", async () => ended === 2 && (await openSockets(shop)) === 1)
    await fetch(`http://${a.address}/release`)
    await answered
    client.destroy()
  })

  it("costs little with 1,000 of them", async () => {
    await open(shop, 1000)
    const [looked, gave] = [
      await timed(() => world.edge.connections(shop)),
      await timed(() => world.edge.closeSockets(shop, new Map([["shop-a", 900]]))),
    ]
    console.log(`1,000 WebSockets: a look takes ${looked.toFixed(1)} ms, giving 100 up ${gave.toFixed(1)} ms`)
    await until("900 are left", async () => closed.size === 100 && (await openSockets(shop)) === 900)
  })

  async function timed(work: () => Promise<unknown>): Promise<number> {
    const begun = performance.now()
    await work()
    return performance.now() - begun
  }

  /** More apps than there are spare backends. */
  async function reload(serial: number): Promise<void> {
    const before = await worker()
    const names = Array.from({ length: 20 }, (_, index) => `more-${serial}-${index}`)
    await Promise.all(names.map((name) => world.edge.route({ appId: name, appName: name, hosts: [], state: "no_release" })))
    expect(await worker()).not.toBe(before)
    expect(readFileSync(`${world.dir}/haproxy.cfg`, "utf8")).toContain(`backend b${16 * serial + 1}`)
  }

  const worker = async () => /^Pid: (\d+)/m.exec(await command(`${world.dir}/admin.sock`, ["show info"]))?.[1]
})

describe("what HAProxy says of its sessions", () => {
  const request =
    "0x56013f8467b0: proto=tcpv4 src=127.0.0.1:43776 fe=apps be=b1 srv=shop-a ts=00 epoch=0 age=1s calls=2 rate=0 cpu=0 lat=0 rq[f=49c40080h,i=0,an=8000h,rx=,wx=,ax=] rp[f=80400000h,i=0,an=1400000h,rx=9m58s,wx=,ax=] scf=[8,80h,fd=18] scb=[8,11h,fd=20] exp=0s rc=0 c_exp="
  const stream =
    "0x7fc394041fd0: proto=tcpv4 src=127.0.0.1:43768 fe=apps be=b1 srv=shop-b.standby ts=00 epoch=0 age=1s calls=3 rate=0 cpu=0 lat=0 rq[f=49c40080h,i=0,an=8000h,rx=,wx=,ax=] rp[f=80040000h,i=0,an=4000000h,rx=9m58s,wx=,ax=] scf=[8,80h,fd=16] scb=[8,11h,fd=17] exp=0s rc=0 c_exp="
  const socket =
    "0x56013f8476e0: proto=tcpv4 src=127.0.0.1:43790 fe=apps be=b1 srv=shop-a ts=00 epoch=0 age=1s calls=3 rate=0 cpu=0 lat=0 rq[f=8c48000h,i=0,an=00h,rx=3h59m,wx=3h59m,ax=] rp[f=88048000h,i=0,an=00h,rx=3h59m,wx=3h59m,ax=] scf=[8,0h,fd=22] scb=[8,11h,fd=23] exp=1s rc=0 c_exp="
  /** As newer versions write it. */
  const newer =
    "0x7f02a4031640: proto=tcpv4 src=127.0.0.1:5000 fe=apps be=b1 srv=shop-a ts=00 epoch=0x3 age=1s calls=3 rate=0 cpu=0 lat=0 rq[f=48000h,i=0,an=00h,ax=] rp[f=80048000h,i=0,an=00h,ax=] scf=[8,0h,fd=22,rex=4h,wex=] scb=[8,11h,fd=23,rex=,wex=] exp=1s rc=0 c_exp="
  const itself =
    "0x56013f8486d0: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0 age=0s calls=1 rate=1 cpu=0 lat=0 rq[f=c08002h,i=0,an=00h,rx=10s,wx=,ax=] rp[f=80008002h,i=0,an=00h,rx=,wx=,ax=] scf=[8,0h,fd=24] scb=[8,1h,fd=-1] exp=9s rc=0 c_exp="

  it("tells requests, streams and WebSockets apart, of these backends only", () => {
    const all = [request, stream, socket, newer, itself, socket.replace("be=b1", "be=b11"), request.replace("srv=shop-a", "srv=<none>")]
    expect(parseSessions(`${all.join("\n")}\n\n`, ["b1", "s1"])).toEqual([
      { pointer: "0x56013f8467b0", backend: "b1", server: "shop-a", isTunnel: false },
      { pointer: "0x7fc394041fd0", backend: "b1", server: "shop-b.standby", isTunnel: false },
      { pointer: "0x56013f8476e0", backend: "b1", server: "shop-a", isTunnel: true },
      { pointer: "0x7f02a4031640", backend: "b1", server: "shop-a", isTunnel: true },
    ])
  })

  it("says what became of each, and nothing of who is gone", () => {
    const detail = (
      pointer: string,
      server: string,
      status: number,
    ) => `${pointer}: [21/Nov/2026:11:37:00.948029] id=1014 proto=tcpv4 source=127.0.0.1:47530
  flags=0x400c4a, conn_retries=0, conn_exp=<NEVER> conn_et=0x000 srv_conn=0x56013f667700, pend_pos=(nil) waiting=0 epoch=0
  frontend=apps (id=2 mode=http), listener=? (id=1) addr=127.0.0.1:18081
  backend=b1 (id=3 mode=http) addr=127.0.0.1:34296
  server=${server} (id=1) addr=127.0.0.1:18082
  txn=0x56013f846d10 flags=0x8000 meth=1 status=${status} req.st=MSG_TUNNEL rsp.st=MSG_TUNNEL req.f=0xcc rsp.f=0xcc
`
    const text = `${detail("0x5601", "shop-a", 101)}\nSession not found.\n\n${detail("0x5602", "shop-b", -1)}`
    expect(parseDetails(text)).toEqual(
      new Map([
        ["0x5601", { backend: "b1", server: "shop-a", status: 101 }],
        ["0x5602", { backend: "b1", server: "shop-b", status: -1 }],
      ]),
    )
  })
})
