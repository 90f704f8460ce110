import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { isUnified, limitsSwap, oomKills, readUsage, removeCgroup } from "./cgroups"

const dirs: string[] = []
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true })
})

/** The files as the kernel writes them: this machine has only one of the two versions. */
function tree(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), "ph-cgroup-"))
  dirs.push(root)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  return root
}

describe("version 2", () => {
  const root = tree({
    "cgroup.controllers": "cpu memory pids\n",
    "phial/a/memory.current": "90000000\n",
    "phial/a/memory.max": "499998720\n",
    "phial/a/memory.stat": "anon 60000000\nfile 30000000\ninactive_file 20000000\n",
    "phial/a/memory.events": "low 0\nmax 12\noom 1\noom_kill 2\noom_group_kill 0\n",
    "phial/a/cpu.stat": "usage_usec 1500000\nuser_usec 1000000\n",
    "phial/a/pids.current": "28\n",
  })

  it("tells usage, what the kernel killed, and that swap is limited", async () => {
    expect([isUnified(root), limitsSwap(root)]).toEqual([true, true])
    expect(await readUsage("/phial/a", root)).toEqual({ memoryBytes: 70_000_000, memoryLimitBytes: 499_998_720, cpuSeconds: 1.5, pids: 28 })
    expect(await oomKills("/phial/a", root)).toBe(2)
  })

  it("says so when there is none, and removes none twice", async () => {
    expect(await readUsage("/phial/gone", root)).toBeNull()
    expect(await oomKills("/phial/gone", root)).toBe(0)
    await removeCgroup("/phial/gone", root)
  })
})

describe("version 1", () => {
  const root = tree({
    "memory/phial/a/memory.usage_in_bytes": "90000000\n",
    "memory/phial/a/memory.limit_in_bytes": "499998720\n",
    "memory/phial/a/memory.stat": "cache 1\ninactive_file 5\ntotal_inactive_file 20000000\n",
    "memory/phial/a/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
    "cpuacct/phial/a/cpuacct.usage": "1500000000\n",
    "pids/phial/a/pids.current": "28\n",
  })

  it("tells the same", async () => {
    expect([isUnified(root), limitsSwap(root)]).toEqual([false, false])
    expect(await readUsage("/phial/a", root)).toEqual({ memoryBytes: 70_000_000, memoryLimitBytes: 499_998_720, cpuSeconds: 1.5, pids: 28 })
    expect(await oomKills("/phial/a", root)).toBe(1)
  })
})
