import { existsSync } from "node:fs"
import { chmod, chown, mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"
import { AppError } from "@/server/kernel/errors"
import { addressOf, FIRST_SLOT, LAST_SLOT } from "./addresses"
import { limitsSwap, oomKills, readUsage, removeCgroup } from "./cgroups"
import { type Disk, mountDisk, unmountDisk } from "./disks"
import { writeEtc } from "./etc"
import { readWhole, writeWhole } from "./files"
import { type Machine, rootfsOf } from "./machine"
import { createMonitored, deleteContainer, exitOf, startCreated } from "./monitor"
import { BUILD_NETWORK, cgroupPath, netnsFile, type Places, placesOf, uidOf, volumeImage, volumeMount } from "./names"
import { plugIn, type Seat, unplug } from "./network"
import { type Bundle, ociConfig } from "./oci"
import { bootId, hardOpenFiles, isAlive, type ProcessId, signal } from "./processes"
import { Container, ContainerId, CreateContainer, type Usage } from "./protocol"

/** What create keeps: the order, and where builds sit, which the runner chooses. */
const Kept = z.object({ order: CreateContainer, slot: z.number().int() })
type Kept = z.infer<typeof Kept>

const Identity = z.object({ pid: z.number(), start: z.string() })
const Runtime = z.object({ container: Identity, monitor: Identity, bootId: z.string(), startedAt: z.coerce.date() })
type Runtime = z.infer<typeof Runtime>

const Exit = Container.shape.exit.unwrap()
type Exit = z.infer<typeof Exit>

const Stop = z.object({ killAt: z.coerce.date() })

const seatOf = ({ order, slot }: Kept): Seat => ({ network: order.kind === "build" ? BUILD_NETWORK : order.app, slot })

export async function createContainer(machine: Machine, order: CreateContainer): Promise<Container> {
  const before = await readContainer(machine, order.id)
  if (before) return before
  const places = placesOf(machine.home, order.id)
  if (existsSync(places.dir)) await removeContainer(machine, order.id)
  if (!existsSync(rootfsOf(machine.home, order.stack))) throw new AppError("unavailable", `The stack ${order.stack} is not here.`)
  const kept: Kept = { order, slot: await freeSlot(machine, order) }
  try {
    await make(machine, kept, places)
  } catch (error) {
    await removeContainer(machine, order.id)
    throw error
  }
  const made = await readContainer(machine, order.id)
  if (!made) throw new Error(`invariant: ${order.id} was made`)
  return made
}

/** Ended ones included; those half made are not. */
export async function listContainers(machine: Machine): Promise<Container[]> {
  const ids = await containerIds(machine)
  const found = await Promise.all(ids.map((id) => readContainer(machine, id)))
  return found.filter((container) => container !== null)
}

/** @returns `null` when there is none, or when it is half made. */
export async function readContainer(machine: Machine, id: string): Promise<Container | null> {
  const places = placesOf(machine.home, id)
  const [kept, runtime] = await Promise.all([readWhole(places.order, Kept), readWhole(places.runtime, Runtime)])
  if (!kept || !runtime) return null
  const exit = await readExit(machine, kept, runtime, places)
  const { kind, app, labels } = kept.order
  const seat = seatOf(kept)
  return {
    ...{ id, kind, app, labels, exit, startedAt: runtime.startedAt, logFile: places.logFile },
    state: exit ? "ended" : "running",
    address: addressOf(machine.chunk, seat.network, seat.slot),
  }
}

/** SIGTERM now; the time of the kill is kept for whoever runs then. @returns when to call `killOverdue`. */
export async function stopContainer(machine: Machine, id: string, graceSeconds: number, now: Date): Promise<Date | null> {
  const places = placesOf(machine.home, id)
  const runtime = await runningOf(machine, id)
  if (!runtime) return null
  const before = await readWhole(places.stop, Stop)
  const wanted = new Date(now.getTime() + graceSeconds * 1000)
  const killAt = before && before.killAt < wanted ? before.killAt : wanted
  await writeWhole(places.stop, { killAt })
  await signal(runtime.container, "SIGTERM")
  return killAt
}

/** Kills what was to be ended by now. @returns when to look again, `null` when there is nothing to do. */
export async function killOverdue(machine: Machine, id: string, now: Date): Promise<Date | null> {
  const stop = await readWhole(placesOf(machine.home, id).stop, Stop)
  const runtime = stop && (await runningOf(machine, id))
  if (!runtime) return null
  if (stop.killAt > now) return stop.killAt
  // The first process of a process namespace takes all others with it.
  await signal(runtime.container, "SIGKILL")
  return null
}

/** Repeatable, from any half-made or half-removed state, also after the machine was restarted. */
export async function removeContainer(machine: Machine, id: string): Promise<void> {
  const { home } = machine
  const places = placesOf(home, id)
  if (!existsSync(places.dir)) return
  const kept = await readWhole(places.order, Kept)
  await deleteContainer(home, id)
  if (kept) {
    await unplug(home, id, seatOf(kept))
    await releaseDisk(machine, kept.order, places)
  }
  await removeCgroup(cgroupPath(home, id))
  await rm(places.dir, { recursive: true, force: true })
}

export async function usageOf(machine: Machine, id: string): Promise<Usage | null> {
  return (await runningOf(machine, id)) ? readUsage(cgroupPath(machine.home, id)) : null
}

/** Removes what a killed runner left half made. At the start, before anything is asked. @returns their ids. */
export async function removeHalfMade(machine: Machine): Promise<string[]> {
  const ids = await containerIds(machine)
  const halfMade = ids.filter((id) => !existsSync(placesOf(machine.home, id).runtime))
  for (const id of halfMade) await removeContainer(machine, id)
  return halfMade
}

export async function containerIds({ home }: Machine): Promise<string[]> {
  const entries = await readdir(home.containers, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory() && ContainerId.safeParse(entry.name).success).map((entry) => entry.name)
}

async function make(machine: Machine, kept: Kept, places: Places): Promise<void> {
  const { home } = machine
  const { order } = kept
  await makeFolders(machine, places)
  await writeWhole(places.order, kept)
  await mountDisk(diskOf(machine, order, places), { bytes: order.limits.diskBytes, uid: uidOf(order.app), keeps: order.kind === "build" })
  await plugIn(home, machine.chunk, order.id, seatOf(kept))
  await writeFile(places.config, JSON.stringify(ociConfig(await bundleOf(machine, kept, places))), { mode: 0o600 })
  const processes = await createMonitored(home, order.id, places, order.kind === "build" ? order.seconds : undefined)
  await startCreated(home, order.id)
  await writeWhole(places.runtime, { ...processes, bootId: bootId(), startedAt: new Date() })
}

/** Logs are for the platform's own user, all else for root: the group is inherited by the file that conmon starts anew. */
async function makeFolders({ owner }: Machine, places: Places): Promise<void> {
  await mkdir(places.dir, { recursive: true, mode: 0o711 })
  for (const dir of [places.bundle, places.exitDir, places.socketDir]) await mkdir(dir, { recursive: true, mode: 0o700 })
  await mkdir(places.logDir, { recursive: true })
  await writeFile(places.logFile, "", { mode: 0o640 })
  for (const place of [places.logDir, places.logFile]) await chown(place, 0, owner.gid)
  await chmod(places.logDir, 0o2750)
}

async function bundleOf(machine: Machine, kept: Kept, places: Places): Promise<Bundle> {
  const { home, chunk } = machine
  const { order } = kept
  const seat = seatOf(kept)
  const address = addressOf(chunk, seat.network, seat.slot)
  const uid = uidOf(order.app)
  const rootfs = await realpath(rootfsOf(home, order.stack))
  const etc = await writeEtc(places.etc, rootfs, { id: order.id, address, uid })
  const own = await ownBinds(machine, order, places)
  return {
    ...{ id: order.id, uid, rootfs, limits: order.limits, arch: process.arch },
    args: [order.kind === "build" ? "/phial/build" : "/phial/entrypoint"],
    env: { HOME: "/app", MY_POD_IP: address, HOSTNAME: order.id, ...order.env },
    cwd: order.kind === "build" ? "/build" : "/app",
    cgroup: cgroupPath(home, order.id),
    netnsFile: netnsFile(home, order.id),
    binds: [...etc, ...own],
    limitsSwap: limitsSwap(),
    maxOpenFiles: await hardOpenFiles(),
  }
}

/** /phial is put together from the entries of `stack/`, as a mount point inside a read-only bind could not be made. */
async function ownBinds({ home, phialDir }: Machine, order: CreateContainer, places: Places): Promise<Bundle["binds"]> {
  const entries = (await readdir(phialDir)).filter((name) => name !== "run")
  const phial = entries.map((name) => ({ from: path.join(phialDir, name), to: `/phial/${name}` }))
  if (order.kind === "replica") {
    await mkdir(home.run.replicaApiDir, { recursive: true })
    return [...phial, { from: home.run.replicaApiDir, to: "/phial/run" }, { from: places.disk.mount, to: "/app", writable: true }]
  }
  const source = { from: path.join(home.sources, `${order.id}.tar`), to: "/source.tar" }
  return [...phial, source, { from: volumeMount(home, order.app), to: "/build", writable: true }]
}

function diskOf({ home }: Machine, order: CreateContainer, places: Places): Disk {
  if (order.kind === "replica") return places.disk
  return { image: volumeImage(home, order.app), mount: volumeMount(home, order.app) }
}

/** A replica's disk goes with it. An app's build volume stays, and is only unmounted when no other build has it. */
async function releaseDisk(machine: Machine, order: CreateContainer, places: Places): Promise<void> {
  const disk = diskOf(machine, order, places)
  if (order.kind === "replica") return unmountDisk(disk, { forget: true })
  const others = await keptOthers(machine, order.id)
  if (others.some(({ order: other }) => other.kind === "build" && other.app === order.app)) return
  await unmountDisk(disk, { forget: false })
}

/** A replica brings its slot; a build gets the lowest that is free. */
async function freeSlot(machine: Machine, order: CreateContainer): Promise<number> {
  const others = await keptOthers(machine, order.id)
  const network = order.kind === "build" ? BUILD_NETWORK : order.app
  const taken = new Set(others.filter((kept) => seatOf(kept).network === network).map((kept) => kept.slot))
  if (order.kind === "replica") {
    if (taken.has(order.slot)) throw new AppError("conflict", `Slot ${order.slot} of app ${order.app} is taken.`)
    return order.slot
  }
  for (let slot = FIRST_SLOT; slot <= LAST_SLOT; slot++) if (!taken.has(slot)) return slot
  throw new AppError("unavailable", "There are as many builds as there are addresses for them.")
}

async function keptOthers(machine: Machine, id: string): Promise<Kept[]> {
  const others = (await containerIds(machine)).filter((other) => other !== id)
  const kept = await Promise.all(others.map((other) => readWhole(placesOf(machine.home, other).order, Kept)))
  return kept.filter((entry) => entry !== null)
}

async function runningOf(machine: Machine, id: string): Promise<Runtime | null> {
  const places = placesOf(machine.home, id)
  const runtime = await readWhole(places.runtime, Runtime)
  if (!runtime || existsSync(places.exit) || runtime.bootId !== bootId()) return null
  return (await isAlive(runtime.container)) ? runtime : null
}

/** Judged once and kept, as the cgroup that tells why does not stay. @returns `null` while it runs. */
async function readExit(machine: Machine, kept: Kept, runtime: Runtime, places: Places): Promise<Exit | null> {
  const known = await readWhole(places.exit, Exit)
  if (known) return known
  const exit = await judgeExit(machine, kept, runtime, places)
  if (exit) await writeWhole(places.exit, exit)
  return exit
}

async function judgeExit(machine: Machine, { order }: Kept, runtime: Runtime, places: Places): Promise<Exit | null> {
  const exit = await exitOf(places, order.id)
  if (!exit) return (await mayStillEnd(runtime)) ? null : { code: KILLED, outOfMemory: false, outOfTime: false, at: new Date() }
  const kills = await oomKills(cgroupPath(machine.home, order.id))
  // In a replica a shell may have been the victim, long ago: only its first process counts. A build fails by any of its own.
  const isVictim = order.kind === "build" ? exit.code !== 0 : exit.code === KILLED
  return { ...exit, outOfMemory: kills > 0 && isVictim && !exit.outOfTime }
}

/** 128 + SIGKILL: also for what ended with the machine, of which nobody kept the code. */
const KILLED = 137

/** Its monitor has still to write the exit code, or it runs on without one. */
async function mayStillEnd(runtime: Runtime): Promise<boolean> {
  if (runtime.bootId !== bootId()) return false
  const processes: ProcessId[] = [runtime.monitor, runtime.container]
  return (await Promise.all(processes.map(isAlive))).some(Boolean)
}
