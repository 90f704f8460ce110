import { type ChildProcess, execFile, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { promisify } from "node:util"
import { freePort, makeWorld, tcpCheck, until } from "../server/drivers/edge/testing/world"
import type { Figure } from "./figure"

const ROUNDS = 3
const SECONDS = 3

interface Measured {
  perSecond: number
  p50Ms: number
  p99Ms: number
}

/**
 * Requests through our edge, with its pages, headers, checks and access log, beside HAProxy with the least that forwards, and
 * beside the app alone; by wrk, in turns, so that a noisy moment strikes all of them.
 */
export async function measureRouter(): Promise<Figure[]> {
  const dir = mkdtempSync("/tmp/phial-bench-")
  const [upstream, plain] = await Promise.all([freePort(), freePort()])
  const children = [haproxy(dir, "upstream", answering(upstream)), haproxy(dir, "plain", forwarding(plain, upstream))]
  const world = await makeWorld()
  try {
    const app = { id: "bench", name: "bench" }
    await world.edge.balance(app, [{ id: "bench-a", address: `127.0.0.1:${upstream}`, traffic: "active" }], tcpCheck)
    await world.edge.route({ appId: app.id, appName: app.name, hosts: [], state: "serving" })
    await until("HAProxy answers", async () => (await world.get("bench.localhost")).status === 200)
    const ports = { direct: upstream, plain, ours: world.port }
    return [...figures("", await compare(ports, 64)), ...figures(", one connection", await compare(ports, 1))]
  } finally {
    for (const child of children) child.kill("SIGKILL")
    await world.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function figures(how: string, { direct, plain, ours }: Record<Contender, Measured>): Figure[] {
  const rate = (measured: Measured) => `${(measured.perSecond / 1000).toFixed(1)} k/s`
  const milliseconds = (value: number) => `${value.toFixed(2)} ms`
  return [
    {
      ...{ what: `requests through the router${how}`, ours: rate(ours), theirs: `${rate(plain)} plain HAProxy` },
      ...{ ratio: ours.perSecond / plain.perSecond, aim: "≥ 0.9 × plain HAProxy" },
    },
    {
      ...{ what: `requests to the app alone${how}`, ours: rate(ours), theirs: `${rate(direct)} direct` },
      ...{ ratio: ours.perSecond / direct.perSecond, aim: "" },
    },
    ...(["p50Ms", "p99Ms"] as const).map((quantile) => ({
      ...{ what: `router's ${quantile.slice(0, 3)}${how}`, ours: milliseconds(ours[quantile]), ratio: ours[quantile] / plain[quantile] },
      ...{ theirs: `${milliseconds(plain[quantile])} plain, ${milliseconds(direct[quantile])} direct`, aim: "" },
    })),
  ]
}

type Contender = "direct" | "plain" | "ours"

async function compare(ports: Record<Contender, number>, connections: number): Promise<Record<Contender, Measured>> {
  const runs: Record<Contender, Measured[]> = { direct: [], plain: [], ours: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const who of ["direct", "plain", "ours"] as const) runs[who].push(await wrk(ports[who], connections))
  }
  return { direct: middle(runs.direct), plain: middle(runs.plain), ours: middle(runs.ours) }
}

async function wrk(port: number, connections: number): Promise<Measured> {
  const { stdout } = await promisify(execFile)("wrk", [
    ...["-t1", `-c${connections}`, `-d${SECONDS}s`, "--latency", "-H", "Host: bench.localhost"],
    `http://127.0.0.1:${port}/`,
  ])
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk: ${stdout}`)
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
  return { perSecond, p50Ms: quantile(stdout, 50), p99Ms: quantile(stdout, 99) }
}

const UNIT_MS: Record<string, number> = { us: 0.001, ms: 1, s: 1000 }

function quantile(report: string, percent: number): number {
  const [, value, unit = ""] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(report) ?? []
  return Number(value) * (UNIT_MS[unit] ?? Number.NaN)
}

/** The run with the middle rate. */
function middle(runs: Measured[]): Measured {
  const [run] = [...runs].sort((a, b) => a.perSecond - b.perSecond).slice(Math.floor(runs.length / 2))
  if (!run) throw new Error("nothing was measured")
  return run
}

const TIMEOUTS = "defaults\n  mode http\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n"

const answering = (port: number) =>
  `${TIMEOUTS}frontend app\n  bind 127.0.0.1:${port}\n  http-request return status 200 content-type text/plain string hello\n`

const forwarding = (port: number, to: number) =>
  `${TIMEOUTS}frontend plain\n  bind 127.0.0.1:${port}\n  default_backend app\nbackend app\n  balance leastconn\n  server app 127.0.0.1:${to}\n`

function haproxy(dir: string, name: string, config: string): ChildProcess {
  const file = `${dir}/${name}.cfg`
  writeFileSync(file, config)
  // In a session of its own, as ours is: the kernel shares the processors out by session first.
  return spawn("haproxy", ["-db", "-f", file], { stdio: "ignore", detached: true })
}
