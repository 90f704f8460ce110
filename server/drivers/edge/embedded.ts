import { execFile } from "node:child_process"
import { chownSync, existsSync, mkdirSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { promisify } from "node:util"
import { AppError, invariant } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import { withLock } from "@/server/kernel/lock"
import type { Log } from "@/server/kernel/log"
import { ensureCertificate } from "./haproxy/certificate"
import { edgeFiles, hostRows, pagesMap, renderConfig, type Site, structureOf } from "./haproxy/config"
import { HaproxyProcess } from "./haproxy/process"
import {
  backendOf,
  countSessions,
  type Difference,
  difference,
  mapCommands,
  nobodyAt,
  parseMap,
  parseServers,
  parseSessions,
} from "./haproxy/runtime"
import { ask } from "./haproxy/socket"
import { appIn, type EdgeState, forgetIdle, readState, writeState, writeWhole } from "./haproxy/state"
import type { AppRoute, Balancer, Edge, Endpoint, HealthProbe } from "./port"

export interface EmbeddedEdgeOptions {
  home: Home
  appsPort: number
  appsTlsPort: number
  appsDomain: string
  log: Log
  /** The user to run HAProxy as when this process is root. */
  as?: { uid: number; gid: number } | null
  /** The address to listen on; without it, or with 0.0.0.0, all of the machine's, IPv6 too. */
  host?: string
  /** Whether each request is told to the pipe `access.pipe` in the edge's folder; costs a tenth of the requests per second. */
  hasAccessLog?: boolean
}

export interface EmbeddedEdge extends Edge, Balancer {
  /** Starts HAProxy or takes over the one that runs, and brings it to what was last told. Repeatable. */
  start(): Promise<void>
  /** One look, to be taken every few seconds: starts what died, repairs what differs, removes what is no longer used. */
  watch(): Promise<void>
  /** Ends HAProxy: apps no longer answer. */
  stop(): Promise<void>
}

/** Calls that arrive within this time share one reload. */
const GATHER_MS = 50
const ATTEMPTS = 3
const ANY_ADDRESS = "0.0.0.0"

/**
 * HAProxy as a process of its own. What it is told is written to a file first; then the running process is brought there by its
 * socket, by comparing what it says with what it should be. So a call that died half-way is completed by whichever comes next.
 */
export function embeddedEdge(options: EmbeddedEdgeOptions): EmbeddedEdge {
  return new HaproxyEdge(options)
}

class HaproxyEdge implements EmbeddedEdge {
  readonly #options: EmbeddedEdgeOptions
  readonly #site: Site
  readonly #process: HaproxyProcess
  #waiting: Change[] = []
  #isWorking = false

  constructor(options: EmbeddedEdgeOptions) {
    const { home, appsDomain } = options
    this.#options = options
    this.#site = {
      edge: home.edge,
      files: edgeFiles(home.edge.dir),
      appsDomain,
      binds: bindsOf(options),
      hasAccessLog: options.hasAccessLog ?? false,
    }
    this.#process = new HaproxyProcess(home.edge, this.#site.files, options.as ?? null)
  }

  async start(): Promise<void> {
    const { files, edge, appsDomain } = this.#site
    mkdirSync(edge.dir, { recursive: true, mode: 0o700 })
    await ensureCertificate(files.certificate, appsDomain)
    if (!existsSync(files.accessLog)) await promisify(execFile)("mkfifo", ["-m", "600", files.accessLog])
    const { as } = this.#options
    if (as) for (const path of [edge.dir, files.certificate, files.accessLog]) chownSync(path, as.uid, as.gid)
    await this.#change(() => undefined)
  }

  async watch(): Promise<void> {
    await this.#change(() => undefined)
    this.#process.trimLog()
  }

  async stop(): Promise<void> {
    if (existsSync(this.#site.edge.dir)) await withLock(this.#site.files.lock, () => this.#process.stop())
  }

  async route({ appId, appName, hosts, state: page }: AppRoute): Promise<void> {
    for (const name of [appName, ...hosts]) invariant(/^[a-z0-9*.-]+$/.test(name), `no host is called ${name}`)
    await this.#change((state) => Object.assign(appIn(state, { id: appId, name: appName }), { hosts: [...hosts], page }))
  }

  async unroute(appId: string): Promise<void> {
    await this.#change((state) => delete state.apps[appId])
  }

  async balance(app: { id: string; name: string }, endpoints: readonly Endpoint[], check: HealthProbe): Promise<void> {
    for (const { id, address } of endpoints) {
      invariant(/^[a-z0-9-]+$/.test(id) && /^[0-9.]+:\d+$/.test(address), `no endpoint is ${id} at ${address}`)
    }
    await this.#change((state) => {
      // An app that is gone needs no place for having nothing.
      if (endpoints.length === 0 && !state.apps[app.id]) return
      Object.assign(appIn(state, app), { endpoints: [...endpoints], check })
      forgetIdle(state, app.id)
    })
  }

  async connections(app: { id: string; name: string }): Promise<Map<string, number>> {
    const known = readState(this.#site.files.state).apps[app.id]
    if (!known) return new Map()
    const open = parseSessions(await this.#ask([`show stat ${backendOf(known)} 4 -1`]))
    const processes = await this.#process.look()
    if (!processes) throw new AppError("unavailable", "HAProxy does not say which processes it has")
    for (const worker of processes.oldWorkers) {
      const sessions = await this.#ask([`@!${worker} show sess`], this.#site.edge.masterSocket)
      // The question is a session too: where not even that one is, nobody answered.
      if (sessions.trim() === "" && (await this.#process.look())?.oldWorkers.includes(worker))
        throw new AppError("unavailable", "an old process of HAProxy does not say what it serves")
      countSessions(sessions, backendOf(known), open)
    }
    return open
  }

  async health(): Promise<{ isUp: boolean; detail: string }> {
    const info = await ask(this.#site.edge.adminSocket, ["show info"]).catch(() => "")
    const version = /^Version: (\S+)/m.exec(info)?.[1]
    if (!version) return { isUp: false, detail: "HAProxy does not answer" }
    const count = Object.keys(readState(this.#site.files.state).apps).length
    return { isUp: true, detail: `HAProxy ${version}, ${count} ${count === 1 ? "app" : "apps"}` }
  }

  /** @returns when it is written and in effect. */
  #change(apply: Change["apply"]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ apply, resolve, reject })
      if (!this.#isWorking) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.length > 0) {
      const batch: Change[] = []
      try {
        await withLock(this.#site.files.lock, () => this.#carryOut(batch))
        for (const change of batch) change.resolve()
      } catch (error) {
        for (const change of [...batch, ...(batch.length > 0 ? [] : this.#take())]) change.reject(error)
      }
    }
    this.#isWorking = false
  }

  #take(): Change[] {
    return this.#waiting.splice(0)
  }

  async #carryOut(batch: Change[]): Promise<void> {
    const state = readState(this.#site.files.state)
    const apply = () => {
      const taken = this.#take()
      batch.push(...taken)
      for (const change of taken) change.apply(state)
    }
    apply()
    const running = await this.#process.look()
    if (running && (await this.#process.loaded()) !== structureOf(this.#site, state)) {
      await pause(GATHER_MS)
      apply()
    }
    this.#write(state)
    await this.#load(structureOf(this.#site, state), running !== null)
    await this.#settle(state)
  }

  /** The state first: the others are made from it, so after a crash in between the next call makes them again. */
  #write(state: EdgeState): void {
    const { files, edge } = this.#site
    writeState(files.state, state)
    writeWhole(files.hosts, [...hostRows(this.#site, state)].map(([host, value]) => `${host} ${value}\n`).join(""))
    writeWhole(files.pages, pagesMap())
    writeWhole(edge.config, renderConfig(this.#site, state))
  }

  async #load(structure: string, isRunning: boolean): Promise<void> {
    if (!isRunning) {
      await this.#process.start(structure)
      this.#options.log.info("HAProxy started")
    } else if ((await this.#process.loaded()) !== structure) {
      await this.#process.reload(structure)
      this.#options.log.info("HAProxy reloaded")
    }
  }

  /** Compares the running process with the state until they are the same. */
  async #settle(state: EdgeState): Promise<void> {
    let answer = ""
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { needed, tidying } = await this.#differences(state)
      if (needed.length === 0) {
        if (tidying.length > 0) await this.#ask(tidying)
        return
      }
      answer = await this.#ask(needed)
    }
    throw new AppError("unavailable", `HAProxy does not take its changes: ${answer.trim()}`)
  }

  async #differences(state: EdgeState): Promise<Difference> {
    const { hosts } = this.#site.files
    const running = parseServers(await this.#ask(["show servers state"]))
    const maps = mapCommands(hosts, hostRows(this.#site, state), parseMap(await this.#ask([`show map ${hosts}`])))
    const bySlot = new Map(Object.values(state.apps).map((app) => [backendOf(app), app]))
    const backends = [...new Set([...running.keys(), ...bySlot.keys()])].map((backend) =>
      difference(bySlot.get(backend) ?? nobodyAt(backend), running.get(backend) ?? []),
    )
    return { needed: [...backends.flatMap((one) => one.needed), ...maps], tidying: backends.flatMap((one) => one.tidying) }
  }

  #ask(commands: string[], socket = this.#site.edge.adminSocket): Promise<string> {
    return ask(socket, commands).catch((cause: unknown) => {
      throw new AppError("unavailable", "HAProxy does not answer", { cause })
    })
  }
}

interface Change {
  apply(state: EdgeState): unknown
  resolve(): void
  reject(error: unknown): void
}

function bindsOf({ appsPort, appsTlsPort, host = ANY_ADDRESS }: EmbeddedEdgeOptions): Site["binds"] {
  const at = (port: number) => {
    if (host !== ANY_ADDRESS) return [`${host}:${port}`]
    return [`*:${port}`, ...(existsSync("/proc/net/if_inet6") ? [`[::]:${port} v6only`] : [])]
  }
  return { http: at(appsPort), https: at(appsTlsPort) }
}
