import { chmod, mkdir } from "node:fs/promises"
import type { Home } from "@/server/kernel/home"
import type { Log } from "@/server/kernel/log"
import { claimChunk } from "./chunks"
import { collect } from "./collect"
import {
  containerIds,
  createContainer,
  killOverdue,
  listContainers,
  removeContainer,
  removeHalfMade,
  stopContainer,
  usageOf,
} from "./containers"
import { canMountDisks, unmountDisk } from "./disks"
import { dismantleGone } from "./dismantle"
import { Endings } from "./endings"
import { health } from "./health"
import { type Machine, ownerOf } from "./machine"
import { placesOf, runcRoot, volumeImage, volumeMount } from "./names"
import { openNetwork, removeBridge } from "./network"
import type { Runner } from "./protocol"
import { Turns } from "./turns"

export interface RunnerOptions {
  home: Home
  /** What containers see as /phial. */
  phialDir: string
  log: Log
}

/** The runner's work, without its socket. @throws Error when this machine cannot be prepared. */
export async function openRunner({ home, phialDir, log }: RunnerOptions): Promise<Runner & { close(): void }> {
  await makeHome(home)
  for (const gone of await dismantleGone()) log.info("removed what was left of an instance whose home is gone", { home: gone })
  const machine: Machine = { home, phialDir, log, chunk: await claimChunk(home), owner: await ownerOf(home) }
  await openNetwork(home, machine.chunk)
  const capsDisks = await canMountDisks(home.volumes)
  for (const id of await removeHalfMade(machine)) log.warn("removed a half-made container", { id })
  const kills = new Kills(machine)
  for (const id of await containerIds(machine)) await kills.due(id)
  const endings = new Endings()
  for (const one of await listContainers(machine))
    if (one.state === "running") endings.watch(one.id, one.app, placesOf(home, one.id).exitDir)
  const close = () => {
    kills.close()
    endings.close()
  }
  return { ...runnerOn(machine, kills, endings, capsDisks), close }
}

function runnerOn(machine: Machine, kills: Kills, endings: Endings, capsDisks: boolean): Runner {
  const { home } = machine
  // Slots and mounts are chosen by looking at what is there: one change at a time.
  const turns = new Turns()
  return {
    create: async (order) => {
      const made = await turns.take(() => createContainer(machine, order))
      if (made.state === "running") endings.watch(made.id, made.app, placesOf(home, made.id).exitDir)
      return made
    },
    list: async (filter = {}) => {
      const all = await listContainers(machine)
      return all.filter((one) => (filter.app ?? one.app) === one.app && (filter.kind ?? one.kind) === one.kind)
    },
    stop: async (id, graceSeconds) => {
      await stopContainer(machine, id, graceSeconds, new Date())
      await kills.due(id)
    },
    remove: (id) => {
      endings.forget(id)
      return turns.take(() => removeContainer(machine, id))
    },
    ended: (after) => endings.since(after),
    usage: (id) => usageOf(machine, id),
    collect: (id) => turns.take(() => collect(machine, id)),
    forgetApp: (app) =>
      turns.take(async () => {
        await removeBridge(home, app)
        await unmountDisk({ image: volumeImage(home, app), mount: volumeMount(home, app) }, { forget: true })
      }),
    health: () => health(machine, capsDisks),
  }
}

/** Looks at a container again when its grace is over. What is due is on disk; the timers are only the reminder. */
class Kills {
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(readonly machine: Machine) {}

  async due(id: string): Promise<void> {
    const at = await killOverdue(this.machine, id, new Date())
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    if (!at) return
    const again = () => void this.due(id).catch((error) => this.machine.log.error("could not kill", { id, error }))
    this.#timers.set(id, setTimeout(again, Math.max(1, at.getTime() - Date.now())))
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }
}

/** Root's own folders; others may only pass through to the logs. */
async function makeHome(home: Home): Promise<void> {
  for (const dir of [home.containers, home.volumes, runcRoot(home)]) await mkdir(dir, { recursive: true })
  await mkdir(home.run.dir, { recursive: true })
  await chmod(home.containers, 0o711)
  for (const dir of [home.volumes, runcRoot(home)]) await chmod(dir, 0o700)
}
