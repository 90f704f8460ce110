import { existsSync } from "node:fs"
import { readdir, readFile, rmdir } from "node:fs/promises"
import path from "node:path"
import type { Usage } from "./protocol"

const ROOT = "/sys/fs/cgroup"

/** Version 2 alone, or version 1 (also beside 2, "hybrid"), where each controller has a tree of its own. */
export const isUnified = (root = ROOT) => existsSync(path.join(root, "cgroup.controllers"))

/** Whether the kernel accounts for swap: without it a limit on swap cannot be set. */
export function limitsSwap(root = ROOT): boolean {
  return isUnified(root) || existsSync(path.join(root, "memory", "memory.memsw.limit_in_bytes"))
}

/** @returns `null` when the cgroup does not exist. */
export async function readUsage(cgroup: string, root = ROOT): Promise<Usage | null> {
  try {
    return isUnified(root) ? await usageUnified(cgroup, root) : await usageV1(cgroup, root)
  } catch {
    return null
  }
}

/** How many processes the kernel ended for want of memory. 0 when the cgroup does not exist. */
export async function oomKills(cgroup: string, root = ROOT): Promise<number> {
  const file = isUnified(root) ? path.join(root, cgroup, "memory.events") : path.join(root, "memory", cgroup, "memory.oom_control")
  const text = await readFile(file, "utf8").catch(() => "")
  return field(text, "oom_kill")
}

/** Removes an empty cgroup from all trees. Repeatable. */
export async function removeCgroup(cgroup: string, root = ROOT): Promise<void> {
  const trees = isUnified(root) ? [root] : (await readdir(root)).map((tree) => path.join(root, tree))
  await Promise.all(trees.map((tree) => rmdir(path.join(tree, cgroup)).catch(() => undefined)))
}

async function usageUnified(cgroup: string, root: string): Promise<Usage> {
  const read = (file: string) => readFile(path.join(root, cgroup, file), "utf8")
  const [current, max, stat, cpu, pids] = await Promise.all(
    ["memory.current", "memory.max", "memory.stat", "cpu.stat", "pids.current"].map(read),
  )
  return {
    memoryBytes: Number(current) - field(stat, "inactive_file"),
    memoryLimitBytes: max?.trim() === "max" ? 0 : Number(max),
    cpuSeconds: field(cpu, "usage_usec") / 1e6,
    pids: Number(pids),
  }
}

async function usageV1(cgroup: string, root: string): Promise<Usage> {
  const read = ([controller = "", file = ""]: string[]) => readFile(path.join(root, controller, cgroup, file), "utf8")
  const [current, limit, stat, cpu, pids] = await Promise.all(
    [
      ["memory", "memory.usage_in_bytes"],
      ["memory", "memory.limit_in_bytes"],
      ["memory", "memory.stat"],
      ["cpuacct", "cpuacct.usage"],
      ["pids", "pids.current"],
    ].map(read),
  )
  return {
    // What can be dropped at once is not in use.
    memoryBytes: Number(current) - field(stat, "total_inactive_file"),
    memoryLimitBytes: Number(limit),
    cpuSeconds: Number(cpu) / 1e9,
    pids: Number(pids),
  }
}

/** Of a file of `name value` lines. */
function field(text: string | undefined, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1] ?? 0)
}
