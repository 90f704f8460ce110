import { existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { z } from "zod"
import type { Home } from "@/server/kernel/home"
import { readWhole, writeWhole } from "./files"
import { placesOf } from "./names"
import { Container, ContainerId, CreateContainer } from "./protocol"

/** What create was told, and where builds sit, which the runner chooses. */
const Kept = z.object({ order: CreateContainer, slot: z.number().int() })
export type Kept = z.infer<typeof Kept>

const Identity = z.object({ pid: z.number(), start: z.string() })
const Runtime = z.object({ container: Identity, monitor: Identity, bootId: z.string(), startedAt: z.coerce.date() })
export type Runtime = z.infer<typeof Runtime>

const Exit = Container.shape.exit.unwrap()
export type Exit = z.infer<typeof Exit>

const Stop = z.object({ killAt: z.coerce.date() })

/**
 * The files that the runner keeps of each container. Each but the stop is written once, and by this process alone: what was read
 * is not read again.
 */
export class Records {
  readonly #home: Pick<Home, "containers">
  readonly #orders = new Map<string, Kept>()
  readonly #runtimes = new Map<string, Runtime>()
  readonly #exits = new Map<string, Exit>()

  constructor(home: Pick<Home, "containers">) {
    this.#home = home
  }

  /** Those half made or half removed included. */
  async ids(): Promise<string[]> {
    const entries = await readdir(this.#home.containers, { withFileTypes: true }).catch(() => [])
    return entries.filter((entry) => entry.isDirectory() && ContainerId.safeParse(entry.name).success).map((entry) => entry.name)
  }

  order(id: string): Promise<Kept | null> {
    return once(this.#orders, id, () => readWhole(placesOf(this.#home, id).order, Kept))
  }

  /** Of all containers but one. */
  async ordersBeside(id: string): Promise<Kept[]> {
    const others = (await this.ids()).filter((other) => other !== id)
    const kept = await Promise.all(others.map((other) => this.order(other)))
    return kept.filter((entry) => entry !== null)
  }

  keepOrder(kept: Kept): Promise<void> {
    return writeWhole(placesOf(this.#home, kept.order.id).order, kept)
  }

  /** `null` while it is half made. */
  runtime(id: string): Promise<Runtime | null> {
    return once(this.#runtimes, id, () => readWhole(placesOf(this.#home, id).runtime, Runtime))
  }

  isHalfMade(id: string): boolean {
    return !existsSync(placesOf(this.#home, id).runtime)
  }

  /** Written last by create. */
  keepRuntime(id: string, runtime: Runtime): Promise<void> {
    return writeWhole(placesOf(this.#home, id).runtime, runtime)
  }

  exit(id: string): Promise<Exit | null> {
    return once(this.#exits, id, () => readWhole(placesOf(this.#home, id).exit, Exit))
  }

  keepExit(id: string, exit: Exit): Promise<void> {
    return writeWhole(placesOf(this.#home, id).exit, exit)
  }

  /** When a stopped container is to be killed. */
  async killAt(id: string): Promise<Date | null> {
    return (await readWhole(placesOf(this.#home, id).stop, Stop))?.killAt ?? null
  }

  keepKillAt(id: string, killAt: Date): Promise<void> {
    return writeWhole(placesOf(this.#home, id).stop, { killAt })
  }

  /** Before its folder is removed, and after: a look in between must not bring it back. */
  forget(id: string): void {
    for (const known of [this.#orders, this.#runtimes, this.#exits]) known.delete(id)
  }
}

async function once<T>(known: Map<string, T>, id: string, read: () => Promise<T | null>): Promise<T | null> {
  const before = known.get(id)
  if (before !== undefined) return before
  const found = await read()
  if (found !== null) known.set(id, found)
  return found
}
