import type { EdgeApp } from "./state"

/** A backend and what it should have: an app has one for its requests and one for SSH. */
export interface Pool {
  backend: string
  servers: readonly Server[]
  /** Endpoints that are not to be forgotten though they may have no server any more: they finish what they have. */
  staying: ReadonlySet<string>
}

/** A server line: in the file, and in the running process. */
export interface Server {
  name: string
  /** `ip:port`. */
  address: string
  /** Any number above 0 that leaves room for shares later; 0 is draining. */
  weight: number
  isChecked: boolean
  /** The same in the file and when it is added at runtime, which takes nothing from `default-server`. */
  options: string
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
const FULL_WEIGHT = 100
/** A backend that hashes keeps 16 places for each point of weight. */
const SSH_WEIGHT = 10

export const backendOf = (app: Pick<EdgeApp, "slot">) => `b${app.slot}`
export const sshBackendOf = (app: Pick<EdgeApp, "slot">) => `s${app.slot}`

export function poolsOf(app: EdgeApp): Pool[] {
  const staying = new Set(app.endpoints.map((endpoint) => endpoint.id))
  return [
    { backend: backendOf(app), servers: serversOf(app), staying },
    { backend: sshBackendOf(app), servers: sshServersOf(app), staying },
  ]
}

/** For a backend that no app has (any more). */
export const nobodyAt = (backend: string): Pool => ({ backend, servers: [], staying: new Set() })

export const serverLines = (servers: readonly Server[]) =>
  servers.map(({ name, address, options }) => `server ${name} ${address} ${options}`)

/** @returns the endpoint's id that a server stands for. */
export const endpointOf = (server: string) => (server.endsWith(STANDBY) ? server.slice(0, -STANDBY.length) : server)

/** Those that may get requests. A draining endpoint needs no line: a process that starts now holds none of its connections. */
export function serversOf({ endpoints, check }: EdgeApp): Server[] {
  return endpoints
    .filter((endpoint) => endpoint.traffic !== "draining")
    .map(({ id, address, traffic }) => ({
      ...{ name: traffic === "active" ? id : id + STANDBY, address, weight: FULL_WEIGHT, isChecked: true },
      options: optionsOf(check, traffic === "standby"),
    }))
}

/** Not checked: each check would be a process of the app's and a line in its SSH log, and a sick app is the one to look into. */
export function sshServersOf({ endpoints }: EdgeApp): Server[] {
  return endpoints.flatMap(({ id, sshAddress, traffic }) =>
    sshAddress && traffic === "active"
      ? [{ name: id, address: sshAddress, weight: SSH_WEIGHT, isChecked: false, options: `weight ${SSH_WEIGHT}` }]
      : [],
  )
}

function optionsOf({ intervalSeconds: seconds }: EdgeApp["check"], isBackup: boolean): string {
  return [
    `weight ${FULL_WEIGHT}`,
    `check inter ${seconds}s fastinter 500ms downinter 500ms rise 1 fall 3`,
    // The first connection that fails puts it aside until its next good check; without this the least loaded is the dead one.
    "observe layer4 error-limit 2 on-error mark-down",
    // Else a server that is added at runtime gets a new connection for each request: a third of the speed (2.6.12).
    "pool-purge-delay 5s pool-max-conn -1",
    ...(isBackup ? ["backup"] : []),
  ].join(" ")
}

export interface Difference {
  /** To be sent in this order: whoever takes requests comes before those who lose them. */
  needed: string[]
  /** What may be refused for now: a server with open connections stays in maintenance until they are closed. */
  tidying: string[]
}

/** What makes the running backend have the servers that it should. */
export function difference({ backend, servers, staying }: Pool, running: readonly RunningServer[]): Difference {
  const wantedNames = new Set(servers.map((server) => server.name))
  const superfluous = running.filter((server) => !wantedNames.has(server.name))
  const at = (name: string) => `${backend}/${name}`
  return {
    needed: [
      ...servers.flatMap((server) =>
        commandsFor(
          at(server.name),
          server,
          running.find((candidate) => candidate.name === server.name),
        ),
      ),
      ...superfluous.filter((server) => server.weight > 0).map((server) => `set server ${at(server.name)} weight 0`),
    ],
    tidying: superfluous
      .filter((server) => !staying.has(endpointOf(server.name)))
      .flatMap((server) => [`set server ${at(server.name)} state maint`, `del server ${at(server.name)}`]),
  }
}

function commandsFor(at: string, wanted: Server, running: RunningServer | undefined): string[] {
  const checked = wanted.isChecked && !running?.isChecked ? [`enable health ${at}`] : []
  if (!running) return [`add server ${at} ${wanted.address} ${wanted.options}`, ...checked, `set server ${at} state ready`]
  const [ip, port] = wanted.address.split(":")
  return [
    ...(running.address === wanted.address ? [] : [`set server ${at} addr ${ip} port ${port}`]),
    ...checked,
    ...(running.isInMaintenance ? [`set server ${at} state ready`] : []),
    ...(running.weight === wanted.weight ? [] : [`set server ${at} weight ${wanted.weight}`]),
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
