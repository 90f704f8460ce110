import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { push, repositoryOf } from "../e2e/support/git"
import { createApp, type Person } from "../e2e/support/people"
import type { Platform } from "../e2e/support/platform"
import type { Figure } from "./figure"

/** By then the rollout has settled, and nothing of the deploy is left to do. */
const RESTS_AFTER_SECONDS = 20
const WATCHED_SECONDS = 30
/** Linux's clock ticks a second, as /proc counts them on every machine that we know. */
const TICKS = 100
const MEMORY_AIM_MB = 250
const CPU_AIM_PERCENT = 1

/** What the control plane costs while one app runs and nobody looks: memory as PSS, without PostgreSQL, and CPU time. */
export async function measureRest(platform: Platform, person: Person): Promise<Figure[]> {
  const { code, output } = await push(repositoryOf("counter"), person.remote(await createApp(person))).ended
  if (code !== 0) throw new Error(output)
  const pids = readdirSync(path.join(platform.home, "parts")).map((file) => pidIn(path.join(platform.home, "parts", file)))
  await pause(RESTS_AFTER_SECONDS * 1000)
  const before = ticksOf(pids)
  await pause(WATCHED_SECONDS * 1000)
  const percent = ((ticksOf(pids) - before) / TICKS / WATCHED_SECONDS) * 100
  const megabytes = pids.reduce((sum, pid) => sum + pssKilobytes(pid), 0) / 1024
  return [
    {
      what: "control plane at rest, memory",
      ours: `${megabytes.toFixed(0)} MB`,
      theirs: `${MEMORY_AIM_MB} MB`,
      ratio: megabytes / MEMORY_AIM_MB,
      aim: "under 250 MB",
    },
    {
      what: "control plane at rest, CPU",
      ours: `${percent.toFixed(2)} %`,
      theirs: `${CPU_AIM_PERCENT} %`,
      ratio: percent / CPU_AIM_PERCENT,
      aim: "under 1 % of a CPU",
    },
  ]
}

function pidIn(file: string): number {
  return (JSON.parse(readFileSync(file, "utf8")) as { pid: number }).pid
}

/** User and system time are the 14th and 15th field; the second, the name, may hold blanks. */
function ticksOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ")
    return sum + Number(fields[11]) + Number(fields[12])
  }, 0)
}

function pssKilobytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? Number.NaN)
}
