import { existsSync } from "node:fs"
import { chmod, chown, mkdir, rm, writeFile } from "node:fs/promises"
import { AppError } from "@/server/kernel/errors"
import { bootId } from "@/server/kernel/process"
import { FIRST_ONE_OFF_SLOT, FIRST_SLOT, LAST_SLOT } from "./addresses"
import { addressIn, diskOf, seatOf, writeBundle } from "./bundle"
import { oomKills, readUsage, removeCgroup } from "./cgroups"
import { mountDisk, unmountDisk } from "./disks"
import { type Machine, rootfsOf } from "./machine"
import { createMonitored, deleteContainer, exitOf, startCreated } from "./monitor"
import { BUILD_NETWORK, cgroupPath, type Places, placesOf, uidOf } from "./names"
import { plugIn, unplug } from "./network"
import { isAlive, signal } from "./processes"
import type { Container, CreateContainer, Usage } from "./protocol"
import type { Exit, Kept, Runtime } from "./records"

export interface Filter {
  app?: number
  kind?: Container["kind"]
}

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
export async function listContainers(machine: Machine, filter: Filter = {}): Promise<Container[]> {
  const kept = await Promise.all((await machine.records.ids()).map((id) => machine.records.order(id)))
  const wanted = kept.filter((entry) => entry !== null).filter(({ order }) => matches(order, filter))
  const found = await Promise.all(wanted.map(({ order }) => readContainer(machine, order.id)))
  return found.filter((container) => container !== null)
}

const matches = (order: CreateContainer, { app, kind }: Filter) => (app ?? order.app) === order.app && (kind ?? order.kind) === order.kind

/** @returns `null` when there is none, or when it is half made. */
export async function readContainer(machine: Machine, id: string): Promise<Container | null> {
  const { records, home } = machine
  const [kept, runtime] = await Promise.all([records.order(id), records.runtime(id)])
  if (!kept || !runtime) return null
  const exit = await readExit(machine, kept, runtime)
  const { kind, app, labels } = kept.order
  return {
    ...{ id, kind, app, labels, exit, startedAt: runtime.startedAt, logFile: placesOf(home, id).logFile },
    state: exit ? "ended" : "running",
    address: addressIn(machine, kept),
  }
}

/** SIGTERM now; the time of the kill is kept for whoever runs then. */
export async function stopContainer(machine: Machine, id: string, graceSeconds: number, now: Date): Promise<void> {
  const runtime = await runningOf(machine, id)
  if (!runtime) return
  const before = await machine.records.killAt(id)
  const wanted = new Date(now.getTime() + graceSeconds * 1000)
  await machine.records.keepKillAt(id, before && before < wanted ? before : wanted)
  signal(runtime.container, "SIGTERM")
}

/** Kills what was to be ended by now. @returns when to look again, `null` when there is nothing to do. */
export async function killOverdue(machine: Machine, id: string, now: Date): Promise<Date | null> {
  const killAt = await machine.records.killAt(id)
  const runtime = killAt && (await runningOf(machine, id))
  if (!runtime) return null
  if (killAt > now) return killAt
  // The first process of a process namespace takes all others with it.
  signal(runtime.container, "SIGKILL")
  return null
}

/** Repeatable, from any half-made or half-removed state, also after the machine was restarted. */
export async function removeContainer(machine: Machine, id: string): Promise<void> {
  const { home, records } = machine
  const places = placesOf(home, id)
  if (!existsSync(places.dir)) return
  const kept = await records.order(id)
  // From here on it is half made: whoever lists leaves it out, and a next start goes on with it.
  await rm(places.runtime, { force: true })
  records.forget(id)
  await deleteContainer(home, id)
  if (kept) {
    await unplug(home, id, seatOf(kept))
    await releaseDisk(machine, kept.order, places)
  }
  await removeCgroup(cgroupPath(home, id))
  await rm(places.dir, { recursive: true, force: true, maxRetries: 3 })
  records.forget(id)
}

export async function usageOf(machine: Machine, id: string): Promise<Usage | null> {
  return (await runningOf(machine, id)) ? readUsage(cgroupPath(machine.home, id)) : null
}

/** Removes what a killed runner left half made. At the start, before anything is asked. @returns their ids. */
export async function removeHalfMade(machine: Machine): Promise<string[]> {
  const halfMade = (await machine.records.ids()).filter((id) => machine.records.isHalfMade(id))
  for (const id of halfMade) await removeContainer(machine, id)
  return halfMade
}

/**
 * Lets one-offs begin that a killed runner had made and not begun; those that have begun refuse. At the start, before anything
 * is asked.
 */
export async function beginMade(machine: Machine): Promise<void> {
  const running = (await listContainers(machine, { kind: "one_off" })).filter(({ state }) => state === "running")
  for (const { id } of running) await startCreated(machine.home, id).catch(() => undefined)
}

async function make(machine: Machine, kept: Kept, places: Places): Promise<void> {
  const { home, records } = machine
  const { order } = kept
  await makeFolders(machine, places)
  await records.keepOrder(kept)
  await mountDisk(diskOf(machine, order, places), { bytes: order.limits.diskBytes, uid: uidOf(order.app), keeps: order.kind === "build" })
  await plugIn(home, machine.chunk, order.id, seatOf(kept))
  await writeBundle(machine, kept, places)
  const processes = await createMonitored(home, order.id, places, order.kind === "replica" ? undefined : order.seconds)
  const keepRuntime = () => records.keepRuntime(order.id, { ...processes, bootId: bootId(), startedAt: new Date() })
  // A command runs once at most: whatever of it may have begun must not count as half made, or it would begin anew.
  if (order.kind === "one_off") await keepRuntime()
  await startCreated(home, order.id)
  if (order.kind !== "one_off") await keepRuntime()
}

/** Logs are for the platform's own user, all else for root. */
async function makeFolders({ owner }: Machine, places: Places): Promise<void> {
  await mkdir(places.dir, { recursive: true, mode: 0o711 })
  for (const dir of [places.bundle, places.exitDir, places.socketDir]) await mkdir(dir, { recursive: true, mode: 0o700 })
  await mkdir(places.logDir, { recursive: true })
  await writeFile(places.logFile, "", { mode: 0o640 })
  for (const place of [places.logDir, places.logFile]) await chown(place, 0, owner.gid)
  await chmod(places.logDir, 0o750)
}

/** Its own disk goes with it. An app's build volume stays, and is only unmounted when no other build has it. */
async function releaseDisk(machine: Machine, order: CreateContainer, places: Places): Promise<void> {
  const disk = diskOf(machine, order, places)
  if (order.kind !== "build") return unmountDisk(disk, { forget: true })
  const others = await machine.records.ordersBeside(order.id)
  if (others.some(({ order: other }) => other.kind === "build" && other.app === order.app)) return
  await unmountDisk(disk, { forget: false })
}

/** A replica brings its slot; a build gets the lowest that is free, a one-off the highest. */
async function freeSlot(machine: Machine, order: CreateContainer): Promise<number> {
  const others = await machine.records.ordersBeside(order.id)
  const network = order.kind === "build" ? BUILD_NETWORK : order.app
  const taken = new Set(others.filter((kept) => seatOf(kept).network === network).map((kept) => kept.slot))
  if (order.kind === "replica") {
    if (taken.has(order.slot)) throw new AppError("conflict", `Slot ${order.slot} of app ${order.app} is taken.`)
    return order.slot
  }
  const [first, last] = order.kind === "build" ? [FIRST_SLOT, LAST_SLOT] : [FIRST_ONE_OFF_SLOT, LAST_SLOT]
  const free = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((slot) => !taken.has(slot))
  const slot = order.kind === "build" ? free.at(0) : free.at(-1)
  if (slot === undefined) throw new AppError("unavailable", "There are as many of these as there are addresses for them.")
  return slot
}

async function runningOf({ records }: Machine, id: string): Promise<Runtime | null> {
  const runtime = await records.runtime(id)
  if (!runtime || (await records.exit(id)) || runtime.bootId !== bootId()) return null
  return isAlive(runtime.container) ? runtime : null
}

/** Judged once and kept, as the cgroup that tells why does not stay. @returns `null` while it runs. */
async function readExit(machine: Machine, kept: Kept, runtime: Runtime): Promise<Exit | null> {
  const { id } = kept.order
  const known = await machine.records.exit(id)
  if (known) return known
  const exit = await judgeExit(machine, kept, runtime)
  // Its folder may just be being removed; otherwise it is judged again.
  if (exit) await machine.records.keepExit(id, exit).catch(() => undefined)
  return exit
}

async function judgeExit({ home }: Machine, { order }: Kept, runtime: Runtime): Promise<Exit | null> {
  const places = placesOf(home, order.id)
  const before = await exitOf(places, order.id)
  if (!before && (await mayStillEnd(runtime))) return null
  // Its monitor may have written it and ended between the two looks.
  const exit = before ?? (await exitOf(places, order.id))
  if (!exit || endedWithMachine(exit, runtime)) {
    return { code: exit?.code ?? KILLED, outOfMemory: false, outOfTime: false, isLost: true, at: exit?.at ?? new Date() }
  }
  const kills = await oomKills(cgroupPath(home, order.id))
  // In a replica a shell may have been the victim, long ago: only its first process counts. The others fail by any of their own.
  const isVictim = order.kind === "replica" ? exit.code === KILLED : exit.code !== 0
  return { ...exit, outOfMemory: kills > 0 && isVictim && !exit.outOfTime }
}

/** 128 + SIGKILL: also for what ended with the machine, of which nobody kept the code. */
const KILLED = 137
/** 128 + SIGTERM. */
const ASKED_TO_END = 143

/** A machine that goes down in order ends all processes by a signal, and their monitors may live long enough to see it. */
function endedWithMachine({ code }: Pick<Exit, "code">, runtime: Runtime): boolean {
  return runtime.bootId !== bootId() && (code === KILLED || code === ASKED_TO_END)
}

/** Its monitor has still to write the exit code, or it runs on without one. */
async function mayStillEnd(runtime: Runtime): Promise<boolean> {
  if (runtime.bootId !== bootId()) return false
  return [runtime.monitor, runtime.container].some(isAlive)
}
