import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import http, { type RequestOptions, type Server } from "node:http"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { text } from "node:stream/consumers"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import { heartbeat, partsSeen } from "@/server/main/heartbeat"
import { testDatabase } from "@/server/testing/database"
import { frontHandler, guarded, replicaHandler, upgradeHandler } from "./front"
import { healthOf } from "./health"
import { closeServer, listenOnPort, listenOnSocket } from "./listen"

let connection: Connection
let dir: string
const servers: Server[] = []
beforeAll(async () => {
  connection = await testDatabase()
  dir = mkdtempSync(path.join(tmpdir(), "phial-web-"))
})
afterEach(() => Promise.all(servers.splice(0).map((server) => closeServer(server, 0))))
afterAll(async () => {
  await connection.close()
  rmSync(dir, { recursive: true, force: true })
})

const ADDRESS = "x-client"
const echo = (request: http.IncomingMessage, response: http.ServerResponse) =>
  void response.end(`next ${request.method} ${request.url} ${request.headers[ADDRESS] ?? "nobody"}`)

function serverOf(handler: Parameters<typeof guarded>[0]): Server {
  const server = http.createServer(guarded(handler, () => undefined))
  servers.push(server)
  return server
}

async function onPort(handler: Parameters<typeof guarded>[0]): Promise<{ server: Server; port: number }> {
  const server = serverOf(handler)
  await listenOnPort(server, 0, "127.0.0.1")
  const address = server.address()
  return { server, port: typeof address === "object" && address ? address.port : 0 }
}

async function get(options: RequestOptions): Promise<{ status: number | undefined; body: string }> {
  const request = http.request({ host: "127.0.0.1", agent: false, ...options }).end()
  const [response] = (await once(request, "response")) as [http.IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

const front = (health = async () => ({ isUp: true, parts: {} })) =>
  frontHandler({
    git: (request, response) => {
      if (request.url === "/git") response.end("git")
      return request.url === "/git"
    },
    health,
    next: echo,
    clientAddressHeader: ADDRESS,
  })

it("hands git's paths to git, answers the health check, and gives Next the rest with who connected", async () => {
  const { port } = await onPort(front())
  expect(await get({ port, path: "/git" })).toEqual({ status: 200, body: "git" })
  expect(await get({ port, path: "/healthz" })).toEqual({ status: 200, body: '{"isUp":true,"parts":{}}\n' })
  expect(await get({ port, path: "/apps?x=1", headers: { [ADDRESS]: "9.9.9.9" } })).toEqual({
    status: 200,
    body: "next GET /apps?x=1 127.0.0.1",
  })
})

it("is up when all parts are, and says what is down", async () => {
  const seen = () => healthOf(connection.db, partsSeen)
  expect((await seen()).parts).toMatchObject({
    database: { isUp: true },
    web: { isUp: true },
    controller: { isUp: false, detail: "Not seen yet." },
  })
  const ends = [heartbeat(connection.db, "controller"), heartbeat(connection.db, "logger")]
  await expect.poll(async () => (await seen()).isUp, { timeout: 10_000 }).toBe(true)
  for (const end of ends) end()
  await connection.sql`update platform_facts set updated_at = now() - interval '1 minute' where key = 'part:logger'`
  expect(await seen()).toMatchObject({ isUp: false, parts: { logger: { isUp: false, detail: expect.stringContaining("Last seen") } } })
  const { port } = await onPort(front(seen))
  expect((await get({ port, path: "/healthz" })).status).toBe(503)
})

it("serves replicas what they may ask for on their socket, and nothing else", async () => {
  const socketPath = path.join(dir, "api", "api.sock")
  await listenOnSocket(serverOf(replicaHandler(echo, ADDRESS)), socketPath, 0o666)
  const allowed = ["/releases/current?x=1", "/ssh_keys", "/host_indexes/shop-abc123/assign", "/releases/migrate-command"].map(
    (rest) => `/api/apps/shop${rest}`,
  )
  for (const one of [...allowed, `/api/slugs/${"a".repeat(64)}?sig=1`]) {
    expect(await get({ socketPath, path: one })).toEqual({ status: 200, body: `next GET ${one} nobody` })
  }
  for (const other of ["/", "/api/apps", "/api/apps/shop", "/api/apps/../ssh_keys", "/api/users", "/healthz", "/api/apps/shop/configs"]) {
    expect((await get({ socketPath, path: other })).status).toBe(404)
  }
  expect((await get({ socketPath, path: "/api/apps/shop/ssh_keys", method: "DELETE" })).status).toBe(404)
})

it("takes a socket over from a process that was killed, or that still listens, and leaves it to its successor", async () => {
  const socketPath = path.join(dir, "taken.sock")
  writeFileSync(socketPath, "")
  const [first, second] = [serverOf((_, response) => void response.end("first")), serverOf((_, response) => void response.end("second"))]
  await listenOnSocket(first, socketPath, 0o600)
  expect([(await get({ socketPath, path: "/" })).body, statSync(socketPath).mode & 0o777]).toEqual(["first", 0o600])
  await listenOnSocket(second, socketPath, 0o600)
  await closeServer(first, 0)
  expect([(await get({ socketPath, path: "/" })).body, existsSync(`${socketPath}.new`)]).toEqual(["second", false])
})

it("refuses an upgrade that nobody takes, instead of leaving it open", async () => {
  const { server, port } = await onPort(echo)
  const ours = new Map([["/ws/echo", (_: unknown, socket: { end(text: string): void }) => socket.end("ours")]])
  server.on("upgrade", upgradeHandler(ours, null))
  const upgrade = async (url: string) => {
    const socket = connect(port, "127.0.0.1")
    socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    return text(socket)
  }
  expect(await upgrade("/ws/echo")).toBe("ours")
  for (const unknown of ["/ws/other", "/_next/hmr", "/"]) expect(await upgrade(unknown)).toMatch(/^HTTP\/1\.1 404/)
})

it("finishes a request that is under way when it is stopped", async () => {
  let answer: () => void = () => undefined
  const { server, port } = await onPort((_, response) => {
    answer = () => void response.end("done")
  })
  const asked = get({ port, path: "/" })
  await once(server, "request")
  const closed = closeServer(server, 60_000)
  answer()
  expect((await asked).body).toBe("done")
  await closed
})
