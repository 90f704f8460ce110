import { chmod, lchown, mkdir } from "node:fs/promises"
import path from "node:path"
import type { Home } from "@/server/kernel/home"
import { withLock } from "@/server/kernel/lock"
import type { Log } from "@/server/kernel/log"
import { Attendance } from "./attendance"
import { claimChunk } from "./chunks"
import { CLAIMS } from "./claims"
import { collect } from "./collect"
import { beginMade, createContainer, listContainers, removeContainer, removeHalfMade, stopContainer, usageOf } from "./containers"
import { canMountDisks, unmountDisk } from "./disks"
import { dismantleGone } from "./dismantle"
import { health } from "./health"
import { type Machine, ownerOf } from "./machine"
import { runcRoot, volumeImage, volumeMount } from "./names"
import { openNetwork, removeBridge } from "./network"
import type { Runner } from "./protocol"
import { Records } from "./records"
import { Turns } from "./turns"
import { upgradeReplica } from "./upgrade"

export interface RunnerOptions {
  home: Home
  /** What containers see as /phial. */
  phialDir: string
  log: Log
}

/** The runner's work, without its socket. @throws Error when this machine cannot be prepared. */
export async function openRunner({ home, phialDir, log }: RunnerOptions): Promise<Runner & { close(): void }> {
  const owner = await makeHome(home)
  const machine: Machine = { home, phialDir, log, chunk: await findPlace(home, log), owner, records: new Records(home) }
  await openNetwork(home, machine.chunk)
  const capsDisks = await canMountDisks(home.volumes)
  for (const id of await removeHalfMade(machine)) log.warn("removed a half-made container", { id })
  await beginMade(machine)
  const attendance = new Attendance(machine)
  for (const container of await listContainers(machine)) await attendance.attend(container)
  return { ...runnerOn(machine, attendance, capsDisks), close: () => attendance.close() }
}

/** @returns the range of addresses that is ours from now on. One instance at a time: all of them choose among the same. */
async function findPlace(home: Home, log: Log): Promise<number> {
  await mkdir(path.dirname(CLAIMS.lock), { recursive: true })
  return withLock(CLAIMS.lock, async () => {
    for (const gone of await dismantleGone()) log.info("removed what was left of an instance whose home is gone", { home: gone })
    return claimChunk(home)
  })
}

function runnerOn(machine: Machine, attendance: Attendance, capsDisks: boolean): Runner {
  const { home } = machine
  // Slots and mounts are chosen by looking at what is there: one change at a time.
  const turns = new Turns()
  return {
    create: async (order) => {
      const made = await turns.take(() => createContainer(machine, order))
      await attendance.attend(made)
      return made
    },
    list: (filter) => listContainers(machine, filter),
    stop: async (id, graceSeconds) => {
      await stopContainer(machine, id, graceSeconds, new Date())
      await attendance.killWhenDue(id)
    },
    remove: (id) => {
      attendance.forget(id)
      return turns.take(() => removeContainer(machine, id))
    },
    ended: (after) => attendance.endings.since(after),
    usage: (id) => usageOf(machine, id),
    upgrade: (id, release) => upgradeReplica(machine, id, release),
    collect: (id) => collect(machine, id),
    forgetApp: (app) =>
      turns.take(async () => {
        await removeBridge(home, app)
        await unmountDisk({ image: volumeImage(home, app), mount: volumeMount(home, app) }, { forget: true })
      }),
    health: () => health(machine, capsDisks),
  }
}

/** Root's own folders, which others may only pass through to the logs; and those where the owner's parts meet the runner. */
async function makeHome(home: Home): Promise<Machine["owner"]> {
  for (const dir of [home.containers, home.volumes, runcRoot(home)]) await mkdir(dir, { recursive: true })
  await chmod(home.containers, 0o711)
  for (const dir of [home.volumes, runcRoot(home)]) await chmod(dir, 0o700)
  await mkdir(home.run.dir, { recursive: true })
  const owner = await ownerOf(home)
  for (const dir of [home.run.replicaApiDir, home.sources])
    if (await mkdir(dir, { recursive: true })) await lchown(dir, owner.uid, owner.gid)
  return owner
}
