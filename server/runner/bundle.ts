import { readdir, realpath, writeFile } from "node:fs/promises"
import path from "node:path"
import { addressOf } from "./addresses"
import { isUnified, limitsSwap } from "./cgroups"
import type { Disk } from "./disks"
import { writeEtc } from "./etc"
import { type Machine, rootfsOf } from "./machine"
import { BUILD_NETWORK, cgroupPath, netnsFile, type Places, uidOf, volumeImage, volumeMount } from "./names"
import type { Seat } from "./network"
import { type Bundle, ociConfig } from "./oci"
import { hardOpenFiles } from "./processes"
import type { CreateContainer } from "./protocol"
import type { Kept } from "./records"

export const seatOf = ({ order, slot }: Kept): Seat => ({ network: order.kind === "build" ? BUILD_NETWORK : order.app, slot })

export function addressIn(machine: Machine, kept: Kept): string {
  const { network, slot } = seatOf(kept)
  return addressOf(machine.chunk, network, slot)
}

/** What it may write to: a disk of its own, or its app's build volume. */
export function diskOf({ home }: Machine, order: CreateContainer, places: Places): Disk {
  if (order.kind !== "build") return places.disk
  return { image: volumeImage(home, order.app), mount: volumeMount(home, order.app) }
}

/** Writes the bundle that runc makes the container from. Its config holds the app's secrets: for root's eyes only. */
export async function writeBundle(machine: Machine, kept: Kept, places: Places): Promise<void> {
  await writeFile(places.config, JSON.stringify(ociConfig(await bundleOf(machine, kept, places))), { mode: 0o600 })
}

async function bundleOf(machine: Machine, kept: Kept, places: Places): Promise<Bundle> {
  const { home } = machine
  const { order } = kept
  const address = addressIn(machine, kept)
  const uid = uidOf(order.app)
  // runc takes no link for a root.
  const rootfs = await realpath(rootfsOf(home, order.stack))
  const etc = await writeEtc(places.etc, rootfs, { id: order.id, address, uid })
  const own = await ownBinds(machine, order, places)
  return {
    ...{ id: order.id, uid, rootfs, limits: order.limits, arch: process.arch },
    args: argsOf(order),
    env: { HOME: "/app", MY_POD_IP: address, HOSTNAME: order.id, ...order.env },
    cwd: order.kind === "build" ? "/build" : "/app",
    cgroup: cgroupPath(home, order.id),
    netnsFile: netnsFile(home, order.id),
    binds: [...etc, ...own],
    limitsSwap: limitsSwap(),
    hidesCgroups: isUnified(),
    maxOpenFiles: await hardOpenFiles(),
  }
}

function argsOf(order: CreateContainer): string[] {
  switch (order.kind) {
    case "build":
      return ["/phial/build"]
    case "replica":
      return ["/phial/entrypoint"]
    case "one_off":
      return ["/phial/entrypoint", ...order.command]
  }
}

/** /phial is put together from the entries of `stack/`, as a mount point inside a read-only bind could not be made. */
async function ownBinds(machine: Machine, order: CreateContainer, places: Places): Promise<Bundle["binds"]> {
  const { home, phialDir } = machine
  const entries = (await readdir(phialDir)).filter((name) => name !== "run")
  const phial = entries.map((name) => ({ from: path.join(phialDir, name), to: `/phial/${name}` }))
  const disk = { from: diskOf(machine, order, places).mount, writable: true }
  if (order.kind === "build") {
    const given = (suffix: string, to: string) => ({ from: path.join(home.sources, `${order.id}.${suffix}`), to })
    const base = order.hasBase ? [given("base", "/base.tar.zst")] : []
    return [...phial, given("tar", "/source.tar"), ...base, { ...disk, to: "/build" }]
  }
  return [...phial, { from: home.run.replicaApiDir, to: "/phial/run" }, { ...disk, to: "/app" }]
}
