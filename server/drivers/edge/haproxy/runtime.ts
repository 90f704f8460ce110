import type { EdgeApp } from "./state"

/** A server line: in the file, and in the running process. */
export interface Server {
  name: string
  /** `ip:port`. */
  address: string
  isBackup: boolean
}

export interface RunningServer {
  name: string
  address: string
  weight: number
  isInMaintenance: boolean
  isChecked: boolean
}

/**
 * HAProxy cannot turn a server into a backup one while it runs, so an endpoint is two servers: its own name for active duty, and
 * this for standing by. One that changes duty drains on the one and takes requests on the other.
 */
const STANDBY = ".standby"
/** Any number above 0 that leaves room for shares later; 0 is draining. */
const FULL_WEIGHT = 100

export const backendOf = (app: Pick<EdgeApp, "slot">) => `b${app.slot}`

/** @returns the endpoint's id that a server stands for. */
const endpointOf = (server: string) => (server.endsWith(STANDBY) ? server.slice(0, -STANDBY.length) : server)

/** Those that may get requests. A draining endpoint needs no line: a process that starts now holds none of its connections. */
export function serversOf(app: Balanced): Server[] {
  return app.endpoints
    .filter((endpoint) => endpoint.traffic !== "draining")
    .map(({ id, address, traffic }) =>
      traffic === "active" ? { name: id, address, isBackup: false } : { name: id + STANDBY, address, isBackup: true },
    )
}

/** The same for a server in the file and for one that is added at runtime, which takes nothing from `default-server`. */
export function serverOptions(app: Balanced, server: Server): string {
  const seconds = app.check.intervalSeconds
  return [
    `weight ${FULL_WEIGHT}`,
    `check inter ${seconds}s fastinter 500ms downinter 500ms rise 1 fall 3`,
    // The first connection that fails puts it aside until its next good check; without this the least loaded is the dead one.
    "observe layer4 error-limit 2 on-error mark-down",
    // Else a server that is added at runtime gets a new connection for each request: a third of the speed (2.6.12).
    "pool-purge-delay 5s pool-max-conn -1",
    ...(server.isBackup ? ["backup"] : []),
  ].join(" ")
}

/** What of an app its servers depend on. */
type Balanced = Pick<EdgeApp, "slot" | "endpoints" | "check">

/** For a backend that no app has (any more). */
export function nobodyAt(backend: string): Balanced {
  return { slot: Number(backend.slice(1)), endpoints: [], check: { kind: "tcp", path: "/", intervalSeconds: 1 } }
}

export interface Difference {
  /** To be sent in this order: whoever takes requests comes before those who lose them. */
  needed: string[]
  /** What may be refused for now: a server with open connections stays in maintenance until they are closed. */
  tidying: string[]
}

/** What makes the running backend serve as the app wishes. */
export function difference(app: Balanced, running: readonly RunningServer[]): Difference {
  const wanted = serversOf(app)
  const wantedNames = new Set(wanted.map((server) => server.name))
  const kept = new Set(app.endpoints.map((endpoint) => endpoint.id))
  const superfluous = running.filter((server) => !wantedNames.has(server.name))
  const at = (name: string) => `${backendOf(app)}/${name}`
  return {
    needed: [
      ...wanted.flatMap((server) =>
        commandsFor(
          app,
          server,
          running.find((candidate) => candidate.name === server.name),
        ),
      ),
      ...superfluous.filter((server) => server.weight > 0).map((server) => `set server ${at(server.name)} weight 0`),
    ],
    tidying: superfluous
      .filter((server) => !kept.has(endpointOf(server.name)))
      .flatMap((server) => [`set server ${at(server.name)} state maint`, `del server ${at(server.name)}`]),
  }
}

function commandsFor(app: Balanced, wanted: Server, running: RunningServer | undefined): string[] {
  const at = `${backendOf(app)}/${wanted.name}`
  if (!running) {
    return [`add server ${at} ${wanted.address} ${serverOptions(app, wanted)}`, `enable health ${at}`, `set server ${at} state ready`]
  }
  const [ip, port] = wanted.address.split(":")
  return [
    ...(running.address === wanted.address ? [] : [`set server ${at} addr ${ip} port ${port}`]),
    ...(running.isChecked ? [] : [`enable health ${at}`]),
    ...(running.isInMaintenance ? [`set server ${at} state ready`] : []),
    ...(running.weight === FULL_WEIGHT ? [] : [`set server ${at} weight ${FULL_WEIGHT}`]),
  ]
}

const FORCED_MAINTENANCE = 0x01
const CHECK_ENABLED = 0x04

/** Reads `show servers state`: a version, a header with a hash, then one line a server. @returns the servers by backend. */
export function parseServers(text: string): Map<string, RunningServer[]> {
  const lines = text.split("\n")
  const header = lines.find((line) => line.startsWith("# "))
  const columns = header?.slice(2).split(" ") ?? []
  const backends = new Map<string, RunningServer[]>()
  for (const line of lines) {
    if (!/^\d+ \S+ \d+ /.test(line)) continue
    const values = line.split(" ")
    const value = (column: string) => values[columns.indexOf(column)] ?? ""
    const servers = backends.get(value("be_name")) ?? []
    servers.push({
      name: value("srv_name"),
      address: `${value("srv_addr")}:${value("srv_port")}`,
      weight: Number(value("srv_uweight")),
      isInMaintenance: (Number(value("srv_admin_state")) & FORCED_MAINTENANCE) !== 0,
      isChecked: (Number(value("srv_check_state")) & CHECK_ENABLED) !== 0,
    })
    backends.set(value("be_name"), servers)
  }
  return backends
}

/** Reads `show map`: a reference, the key and the value a line. */
export function parseMap(text: string): Map<string, string> {
  const rows = text.split("\n").map((line) => /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line))
  return new Map(rows.flatMap((row) => (row?.[1] && row[2] !== undefined ? [[row[1], row[2]] as const] : [])))
}

/** What makes the running map hold exactly `wanted`. `add map` on a key that is there would make it twice. */
export function mapCommands(file: string, wanted: ReadonlyMap<string, string>, running: ReadonlyMap<string, string>): string[] {
  const gone = [...running.keys()].filter((key) => !wanted.has(key)).map((key) => `del map ${file} ${key}`)
  const changed = [...wanted].flatMap(([key, value]) => {
    if (running.get(key) === value) return []
    return [`${running.has(key) ? "set" : "add"} map ${file} ${key} ${value}`]
  })
  return [...gone, ...changed]
}

/** Reads the CSV of `show stat <backend> 4 -1`: sessions open right now, by endpoint. */
export function parseSessions(csv: string): Map<string, number> {
  const [header = "", ...rows] = csv.split("\n")
  const columns = header.replace(/^# /, "").split(",")
  const open = new Map<string, number>()
  for (const row of rows) {
    const values = row.split(",")
    count(open, values[columns.indexOf("svname")], Number(values[columns.indexOf("scur")]))
  }
  return open
}

/** Counts the lines of an old worker's `show sess` that belong to a backend: there `show stat` is refused. */
export function countSessions(sessions: string, backend: string, into: Map<string, number>): void {
  for (const line of sessions.split("\n")) {
    if (line.includes(` be=${backend} `)) count(into, / srv=(\S+)/.exec(line)?.[1], 1)
  }
}

function count(into: Map<string, number>, server: string | undefined, sessions: number): void {
  if (!server || server === "<none>" || !sessions) return
  const endpoint = endpointOf(server)
  into.set(endpoint, (into.get(endpoint) ?? 0) + sessions)
}
