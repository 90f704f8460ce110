import { readdir, readFile, rm } from "node:fs/promises"
import { type Home, homeAt } from "@/server/kernel/home"
import { removeCgroup } from "./cgroups"
import { claims, dropClaim } from "./claims"
import { tryExec } from "./exec"
import { removeFirewall } from "./firewall"
import { deleteContainer } from "./monitor"
import { cgroupPath, instanceCgroup, netnsName, runcRoot } from "./names"
import { bridgesOf } from "./network"

/**
 * Takes away what an instance put on the machine, its containers too; their folders stay, as they are the home's. For one that
 * goes for good. Repeatable.
 */
export async function dismantle(home: Home): Promise<void> {
  for (const id of await namesIn(runcRoot(home))) {
    await deleteContainer(home, id)
    await removeCgroup(cgroupPath(home, id))
  }
  const spaces = (await namesIn("/run/netns")).filter((name) => name.startsWith(netnsName(home, "")))
  for (const name of spaces) await tryExec("ip", ["netns", "del", name])
  for (const mount of await mountsUnder(home.root)) await tryExec("umount", ["-l", mount])
  for (const bridge of await bridgesOf(home)) await tryExec("ip", ["link", "del", bridge])
  await removeFirewall(home)
  await removeCgroup(instanceCgroup(home))
  await rm(runcRoot(home), { recursive: true, force: true })
  for (const { chunk, root } of await claims()) if (root === home.root) await dropClaim(chunk)
}

/** The same for instances whose home someone deleted. @returns their homes. */
export async function dismantleGone(): Promise<string[]> {
  const gone = (await claims()).filter(({ isGone }) => isGone).map(({ root }) => root)
  for (const root of gone) await dismantle(homeAt(root))
  return gone
}

async function mountsUnder(dir: string): Promise<string[]> {
  const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n")
  return lines.map((line) => line.split(" ")[1] ?? "").filter((mount) => mount.startsWith(`${dir}/`))
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => [])
}
