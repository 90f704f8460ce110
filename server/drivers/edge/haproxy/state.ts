import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs"
import { z } from "zod"
import type { Endpoint, HealthProbe, PageState } from "../port"

/** One app as the edge keeps it. */
export interface EdgeApp {
  id: string
  name: string
  /** The number of its backend: a place in HAProxy's configuration, taken when the app appears and free again when it goes. */
  slot: number
  /** Custom domains. */
  hosts: string[]
  /** `null`: not routed (yet), only balanced. */
  page: PageState | null
  sshPort: number | null
  endpoints: Endpoint[]
  check: HealthProbe
}

/** All that the edge is told. This file is the truth: HAProxy's configuration and its running process are made from it. */
export interface EdgeState {
  /** How many backends the configuration has. More than there are apps, so that most new apps need no reload. */
  slots: number
  /** The SSH ports that HAProxy listens on: of the wanted ones, those that no other program had. */
  sshPorts: number[]
  apps: Record<string, EdgeApp>
}

const FIRST_SLOTS = 16
const GROWTH = 1.25

const Stored = z.object({
  slots: z.number().int(),
  sshPorts: z.array(z.number().int()).default([]),
  apps: z.record(
    z.string(),
    z.custom<EdgeApp>((value) => typeof value === "object"),
  ),
})

/** A missing or broken file is an empty state: the controller's resync tells every app again. */
export function readState(file: string): EdgeState {
  if (!existsSync(file)) return emptyState()
  try {
    return Stored.parse(JSON.parse(readFileSync(file, "utf8")))
  } catch {
    return emptyState()
  }
}

function emptyState(): EdgeState {
  return { slots: FIRST_SLOTS, sshPorts: [], apps: {} }
}

export function writeState(file: string, state: EdgeState): void {
  writeWhole(file, JSON.stringify(state), { isDurable: true })
}

/**
 * Either the old or the new content is there when this process is killed, never a part.
 * @param isDurable also when the machine loses its power: for what cannot be made again.
 */
export function writeWhole(file: string, content: string, { mode = 0o644, isDurable = false } = {}): void {
  if (existsSync(file) && readFileSync(file, "utf8") === content) return
  const temporary = `${file}.${process.pid}.new`
  const descriptor = openSync(temporary, "w", mode)
  writeSync(descriptor, content)
  if (isDurable) fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(temporary, file)
}

/** The app's entry, made with a free slot when there is none. */
export function appIn(state: EdgeState, app: { id: string; name: string }): EdgeApp {
  const known = state.apps[app.id]
  if (known) return known
  const made: EdgeApp = {
    ...{ id: app.id, name: app.name, slot: freeSlot(state), hosts: [], page: null, sshPort: null, endpoints: [] },
    check: { kind: "tcp", path: "/", intervalSeconds: 1 },
  }
  state.apps[app.id] = made
  return made
}

function freeSlot(state: EdgeState): number {
  const taken = new Set(Object.values(state.apps).map((app) => app.slot))
  for (let slot = 1; slot <= state.slots; slot++) if (!taken.has(slot)) return slot
  const next = state.slots + 1
  state.slots = Math.max(state.slots + FIRST_SLOTS, Math.ceil(state.slots * GROWTH))
  return next
}

/** What is neither routed nor balanced is forgotten, and its slot is free. */
export function forgetIdle(state: EdgeState, appId: string): void {
  const app = state.apps[appId]
  if (app && app.page === null && app.endpoints.length === 0) delete state.apps[appId]
}
