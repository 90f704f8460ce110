import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { type Agent, type IncomingHttpHeaders, request } from "node:http"
import { type AddressInfo, createServer } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { homeAt } from "@/server/kernel/home"
import { silentLog } from "@/server/kernel/log"
import { type EmbeddedEdge, type EmbeddedEdgeOptions, embeddedEdge } from "../embedded"

/** A real HAProxy on free ports of the loopback, and small apps behind it. */
export interface World {
  edge: EmbeddedEdge
  port: number
  tlsPort: number
  dir: string
  /** Another controller on the same home. */
  secondEdge(): EmbeddedEdge
  /** Starts an app that answers with its name. */
  upstream(name: string): Promise<Upstream>
  get(host: string, path?: string, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

export interface Upstream {
  address: string
  /** Reads nothing more, so that what was sent to it is lost with it. */
  freeze(): void
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

export const tcpCheck = { kind: "tcp", path: "/", intervalSeconds: 1 } as const

export async function makeWorld(more: Pick<EmbeddedEdgeOptions, "hasAccessLog" | "sshPorts"> = {}): Promise<World> {
  const home = homeAt(mkdtempSync("/tmp/phial-edge-"))
  const [port, tlsPort] = await Promise.all([freePort(), freePort()])
  const make = () =>
    embeddedEdge({ home, appsPort: port, appsTlsPort: tlsPort, appsDomain: "localhost", log: silentLog, host: "127.0.0.1", ...more })
  const edge = make()
  const children: ChildProcess[] = []
  await edge.start()
  return {
    ...{ edge, port, tlsPort, dir: home.edge.dir, secondEdge: make },
    upstream: (name) => startUpstream(name, children),
    get: (host, path = "/", headers = {}) => ask({ port, path, headers: { host, ...headers } }),
    close: async () => {
      await edge.stop()
      for (const child of children) child.kill("SIGKILL")
      rmSync(home.root, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function startUpstream(name: string, children: ChildProcess[]): Promise<Upstream> {
  const address = `127.0.${children.length + 1}.1`
  const script = fileURLToPath(new URL("upstream.mjs", import.meta.url))
  const child = spawn(process.execPath, [script, name, address], { stdio: ["ignore", "pipe", "inherit"] })
  children.push(child)
  const port = await new Promise<number>((resolve) => child.stdout.once("data", (data) => resolve(Number(data))))
  const kill = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGKILL")
    await gone
  }
  return { address: `${address}:${port}`, freeze: () => child.kill("SIGSTOP"), kill }
}

/** One request. @throws when the connection breaks. */
export function ask(options: {
  port: number
  path?: string
  method?: string
  headers: Record<string, string>
  agent?: Agent
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", agent: false, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    asked.on("error", reject)
    asked.end()
  })
}

const DEADLINE_MS = 30_000

/** Polls until the condition holds. @throws with its words when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await pause(20)
  }
}
