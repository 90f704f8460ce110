import { execFile } from "node:child_process"
import { chownSync, existsSync, mkdirSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { promisify } from "node:util"
import { AppError, invariant } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import { withLock } from "@/server/kernel/lock"
import type { Log } from "@/server/kernel/log"
import { ensureCertificate } from "./haproxy/certificate"
import { hostRows, pagesMap, renderConfig, structureOf } from "./haproxy/config"
import { type PortRange, portsToTake } from "./haproxy/ports"
import { HaproxyProcess } from "./haproxy/process"
import {
  backendOf,
  type Difference,
  difference,
  endpointOf,
  mapCommands,
  nobodyAt,
  parseMap,
  parseServers,
  poolsOf,
  sshBackendOf,
} from "./haproxy/runtime"
import { countOpen, Sessions } from "./haproxy/sessions"
import { ANY_IPV6, edgeFiles, type Site } from "./haproxy/site"
import { ask } from "./haproxy/socket"
import { sshRows } from "./haproxy/ssh"
import { appIn, type EdgeState, forgetIdle, readState, writeState, writeWhole } from "./haproxy/state"
import type { AppRoute, Balancer, Edge, Endpoint, HealthProbe, OpenConnections } from "./port"

export interface EmbeddedEdgeOptions {
  home: Home
  appsPort: number
  appsTlsPort: number
  appsDomain: string
  /** The range that the apps' SSH ports are of; without it, none has SSH. */
  sshPorts?: PortRange
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
  /** One look, to be taken every few seconds: starts what died and, at the first and every tenth, repairs what differs. */
  watch(): Promise<void>
  /** Whether HAProxy is gone: cheap enough to be asked many times a second. */
  hasEnded(): boolean
  /** Ends HAProxy: apps no longer answer. */
  stop(): Promise<void>
}

/** Calls that arrive within this time share one reload. */
const GATHER_MS = 50
const ATTEMPTS = 3
/** Of the looks that `watch` takes, the first and then one in so many compare all there is: that costs, also while nothing happens. */
const THOROUGH_EVERY = 10
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
  readonly #sessions: Sessions
  #waiting: Change[] = []
  #isWorking = false
  #looks = 0

  constructor(options: EmbeddedEdgeOptions) {
    const { home, appsDomain, appsPort, appsTlsPort } = options
    this.#options = options
    this.#site = {
      edge: home.edge,
      files: edgeFiles(home.edge.dir),
      ...{ appsDomain, appsPort, appsTlsPort },
      hosts: hostsOf(options),
      hasAccessLog: options.hasAccessLog ?? false,
    }
    this.#process = new HaproxyProcess(home.edge, this.#site.files, options.as ?? null)
    this.#sessions = new Sessions(home.edge, this.#process)
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
    const isThorough = this.#looks++ % THOROUGH_EVERY === 0
    if (!isThorough && (await this.#process.loaded()) !== null) return
    await this.#change(() => undefined)
    this.#process.trimLog()
  }

  hasEnded(): boolean {
    return this.#process.hasEnded()
  }

  async stop(): Promise<void> {
    if (existsSync(this.#site.edge.dir)) await withLock(this.#site.files.lock, () => this.#process.stop())
  }

  async route({ appId, appName, hosts, state: page, sshPort = null }: AppRoute): Promise<void> {
    for (const name of [appName, ...hosts]) invariant(/^[a-z0-9*.-]+$/.test(name), `no host is called ${name}`)
    await this.#change((state) => Object.assign(appIn(state, { id: appId, name: appName }), { hosts: [...hosts], page, sshPort }))
  }

  async unroute(appId: string): Promise<void> {
    await this.#change((state) => delete state.apps[appId])
  }

  async balance(app: { id: string; name: string }, endpoints: readonly Endpoint[], check: HealthProbe): Promise<void> {
    for (const { id, address, sshAddress = address } of endpoints) {
      const isWell = /^[a-z0-9-]+$/.test(id) && [address, sshAddress].every((one) => /^[0-9.]+:\d+$/.test(one))
      invariant(isWell, `no endpoint is ${id} at ${address} and ${sshAddress}`)
    }
    await this.#change((state) => {
      // An app that is gone needs no place for having nothing.
      if (endpoints.length === 0 && !state.apps[app.id]) return
      Object.assign(appIn(state, app), { endpoints: [...endpoints], check })
      forgetIdle(state, app.id)
    })
  }

  async connections(app: { id: string }): Promise<Map<string, OpenConnections>> {
    const known = readState(this.#site.files.state).apps[app.id]
    if (!known) return new Map()
    const [web, ssh] = [backendOf(known), sshBackendOf(known)]
    return countOpen(await this.#sessions.of([web, ssh]), ssh)
  }

  async closeSockets(app: { id: string }, atMost: ReadonlyMap<string, number>): Promise<void> {
    const known = readState(this.#site.files.state).apps[app.id]
    if (!known) return
    // Asked again: on a busy machine an old process leaves some of many commands unanswered.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const sockets = (await this.#sessions.of([backendOf(known)])).filter((session) => session.isTunnel)
      const tooMany = [...atMost].flatMap(([endpoint, most]) => sockets.filter(({ server }) => endpointOf(server) === endpoint).slice(most))
      if (tooMany.length === 0) return
      await this.#sessions.closeSockets(tooMany)
      await pause(GATHER_MS)
    }
  }

  async health(): Promise<{ isUp: boolean; detail: string }> {
    const info = await ask(this.#site.edge.adminSocket, ["show info"]).catch(() => "")
    const version = /^Version: (\S+)/m.exec(info)?.[1]
    if (!version) return { isUp: false, detail: "HAProxy does not answer" }
    const { apps, sshPorts } = readState(this.#site.files.state)
    const count = Object.keys(apps).length
    const left = this.#sshPortsLeftOut(sshPorts)
    const taken = left > 0 ? `, ${left} of the SSH ports belong to other programs` : ""
    return { isUp: true, detail: `HAProxy ${version}, ${count} ${count === 1 ? "app" : "apps"}${taken}` }
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
    if (!running) await this.#process.killWhatDoesNotAnswer()
    const { sshPorts } = this.#options
    state.sshPorts = sshPorts ? await portsToTake(sshPorts, this.#site.hosts, state.sshPorts) : []
    if (running && (await this.#process.loaded()) !== structureOf(this.#site, state)) {
      await pause(GATHER_MS)
      apply()
    }
    this.#write(state)
    await this.#load(state, running !== null)
    await this.#settle(state)
  }

  /** The state first: the others are made from it, so after a crash in between the next call makes them again. */
  #write(state: EdgeState): void {
    const { files, edge } = this.#site
    writeState(files.state, state)
    writeWhole(files.hosts, rowsText(hostRows(this.#site, state)))
    writeWhole(files.ssh, rowsText(sshRows(state)))
    writeWhole(files.pages, pagesMap())
    writeWhole(edge.config, renderConfig(this.#site, state))
  }

  async #load(state: EdgeState, isRunning: boolean): Promise<void> {
    const structure = structureOf(this.#site, state)
    if (!isRunning) {
      await this.#process.start(structure).catch((error: unknown) => {
        // Another program may have one by now: the next attempt looks at each.
        writeState(this.#site.files.state, { ...state, sshPorts: [] })
        throw error
      })
      this.#said("HAProxy started", state)
    } else if ((await this.#process.loaded()) !== structure) {
      await this.#process.reload(structure)
      this.#said("HAProxy reloaded", state)
    }
  }

  #said(what: string, { sshPorts }: EdgeState): void {
    const sshPortsLeftOut = this.#sshPortsLeftOut(sshPorts)
    if (sshPortsLeftOut > 0) this.#options.log.warn(`${what} without SSH ports that belong to other programs`, { sshPortsLeftOut })
    else this.#options.log.info(what)
  }

  #sshPortsLeftOut(taken: readonly number[]): number {
    const { sshPorts } = this.#options
    return sshPorts ? sshPorts.last - sshPorts.first + 1 - taken.length : 0
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
    const { hosts, ssh } = this.#site.files
    const running = parseServers(await this.#ask(["show servers state"]))
    const maps = [...(await this.#mapCommands(hosts, hostRows(this.#site, state))), ...(await this.#mapCommands(ssh, sshRows(state)))]
    const pools = new Map(Object.values(state.apps).flatMap((app) => poolsOf(app).map((pool) => [pool.backend, pool])))
    const backends = [...new Set([...running.keys(), ...pools.keys()])].map((backend) =>
      difference(pools.get(backend) ?? nobodyAt(backend), running.get(backend) ?? []),
    )
    return { needed: [...backends.flatMap((one) => one.needed), ...maps], tidying: backends.flatMap((one) => one.tidying) }
  }

  async #mapCommands(file: string, rows: ReadonlyMap<string, string>): Promise<string[]> {
    return mapCommands(file, rows, parseMap(await this.#ask([`show map ${file}`])))
  }

  #ask(commands: string[]): Promise<string> {
    return ask(this.#site.edge.adminSocket, commands).catch((cause: unknown) => {
      throw new AppError("unavailable", "HAProxy does not answer", { cause })
    })
  }
}

interface Change {
  apply(state: EdgeState): unknown
  resolve(): void
  reject(error: unknown): void
}

function hostsOf({ host = ANY_ADDRESS }: EmbeddedEdgeOptions): string[] {
  if (host !== ANY_ADDRESS) return [host]
  return [ANY_ADDRESS, ...(existsSync("/proc/net/if_inet6") ? [ANY_IPV6] : [])]
}

const rowsText = (rows: ReadonlyMap<string, string>) => [...rows].map(([key, value]) => `${key} ${value}\n`).join("")
