import { setTimeout as pause } from "node:timers/promises"
import { AppError } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import type { OpenConnections } from "../port"
import type { HaproxyProcess } from "./process"
import { endpointOf } from "./runtime"
import { ask } from "./socket"

/** What HAProxy does for one client: a request under way, a WebSocket, or an SSH session. */
export interface Session {
  /** Its address in the worker's memory: names it while it lasts, and soon after another. */
  pointer: string
  backend: string
  server: string
  /** Bytes pass through as they come: nothing in it is a request or an answer (any more). */
  isTunnel: boolean
}

/** A session and the process that has it. */
interface Placed extends Session {
  /** `null`: the one that takes new connections. */
  oldWorker: number | null
}

const ATTEMPTS = 3
const PAUSE_MS = 50

/** The sessions of all processes: after a reload, what was open then stays with the old ones. */
export class Sessions {
  readonly #edge: Home["edge"]
  readonly #process: HaproxyProcess

  constructor(edge: Home["edge"], process: HaproxyProcess) {
    this.#edge = edge
    this.#process = process
  }

  /** Those on the way to any of these backends. @throws AppError `unavailable` when a process that serves does not say. */
  async of(backends: readonly string[]): Promise<Placed[]> {
    const processes = await this.#process.look()
    if (!processes) throw new AppError("unavailable", "HAProxy does not say which processes it has")
    const placed: Placed[] = []
    for (const oldWorker of [null, ...processes.oldWorkers]) {
      for (const session of parseSessions(await this.#list(oldWorker), backends)) placed.push({ ...session, oldWorker })
    }
    return placed
  }

  /**
   * Closes those of the given that still are WebSockets to where they led. Each is asked again just before: its address may have
   * become another's, which must not be cut.
   */
  async closeSockets(sockets: readonly Placed[]): Promise<void> {
    for (const oldWorker of new Set(sockets.map((socket) => socket.oldWorker))) {
      const here = sockets.filter((socket) => socket.oldWorker === oldWorker)
      const details = parseDetails(
        await this.#ask(
          oldWorker,
          here.map(({ pointer }) => `show sess ${pointer}`),
        ),
      )
      const still = here.filter(({ pointer, backend, server }) => {
        const now = details.get(pointer)
        return now?.backend === backend && now.server === server && now.status === SWITCHING_PROTOCOLS
      })
      if (still.length > 0)
        await this.#ask(
          oldWorker,
          still.map(({ pointer }) => `shutdown session ${pointer}`),
        )
    }
  }

  /** The question is a session too: where not even that one is, nobody answered. An old process may end meanwhile. */
  async #list(oldWorker: number | null): Promise<string> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const sessions = await this.#ask(oldWorker, ["show sess"])
      if (sessions.trim() !== "") return sessions
      if (oldWorker !== null && !(await this.#process.look())?.oldWorkers.includes(oldWorker)) return ""
      await pause(PAUSE_MS)
    }
    throw new AppError("unavailable", "a process of HAProxy does not say what it serves")
  }

  /** An old process is reached by its master only, which takes the prefix for one command, not for a line of them. */
  #ask(oldWorker: number | null, commands: readonly string[]): Promise<string> {
    const asking =
      oldWorker === null
        ? ask(this.#edge.adminSocket, commands)
        : ask(
            this.#edge.masterSocket,
            commands.map((command) => `@!${oldWorker} ${command}`),
          )
    return asking.catch((cause: unknown) => {
      throw new AppError("unavailable", "HAProxy does not answer", { cause })
    })
  }
}

const SWITCHING_PROTOCOLS = 101

const LINE = /^(0x[0-9a-f]+): .* srv=(\S+) .* rq\[[^\]]*\ban=([0-9a-f]+)h.* rp\[[^\]]*\ban=([0-9a-f]+)h/

/** Reads `show sess`: one line each. A tunnel has nothing left that analyses its bytes, in either direction. */
export function parseSessions(text: string, backends: readonly string[]): Session[] {
  const wanted = new Set(backends)
  return text.split("\n").flatMap((line) => {
    const backend = / be=(\S+) /.exec(line)?.[1]
    if (backend === undefined || !wanted.has(backend)) return []
    const [, pointer, server, ofRequest, ofAnswer] = LINE.exec(line) ?? []
    if (!pointer || !server || server === "<none>") return []
    return [{ pointer, backend, server, isTunnel: Number(`0x${ofRequest}`) === 0 && Number(`0x${ofAnswer}`) === 0 }]
  })
}

/** Reads the answers to several `show sess <pointer>`; who is gone is not in them. */
export function parseDetails(text: string): Map<string, { backend: string; server: string; status: number }> {
  const blocks = text.split(/^(?=0x[0-9a-f]+: )/m).filter((block) => block.startsWith("0x"))
  return new Map(
    blocks.map((block) => [
      block.slice(0, block.indexOf(":")),
      {
        backend: /^ +backend=(\S+)/m.exec(block)?.[1] ?? "",
        server: /^ +server=(\S+)/m.exec(block)?.[1] ?? "",
        status: Number(/^ +txn=.* status=(-?\d+)/m.exec(block)?.[1]),
      },
    ]),
  )
}

/** By endpoint. @param backends of the app: an SSH session is a tunnel from its beginning, and no WebSocket. */
export function countOpen(sessions: readonly Session[], sshBackend: string): Map<string, OpenConnections> {
  const open = new Map<string, OpenConnections>()
  for (const { backend, server, isTunnel } of sessions) {
    const endpoint = endpointOf(server)
    const counts = open.get(endpoint) ?? { requests: 0, sockets: 0, sshSessions: 0 }
    counts[backend === sshBackend ? "sshSessions" : isTunnel ? "sockets" : "requests"]++
    open.set(endpoint, counts)
  }
  return open
}
