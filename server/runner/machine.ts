import { stat } from "node:fs/promises"
import path from "node:path"
import type { Home } from "@/server/kernel/home"
import type { Log } from "@/server/kernel/log"
import type { Records } from "./records"

/** What the runner's parts work on: one instance on this machine. */
export interface Machine {
  home: Home
  /** What containers see as /phial, beside /phial/run: the checkout's `stack`. */
  phialDir: string
  chunk: number
  /** Phial's own user: it may ask, read logs and take slugs. Root alone where nobody else owns the home. */
  owner: { uid: number; gid: number }
  log: Log
  records: Records
}

export const rootfsOf = (home: Pick<Home, "stacks">, stack: string) => path.join(home.stacks, stack, "rootfs")

/** Who the supervisor gave the sockets' folder to; the home itself stays root's, so that nobody swaps root's folders in it. */
export async function ownerOf(home: Home): Promise<Machine["owner"]> {
  const { uid, gid } = await stat(home.run.dir)
  return { uid, gid }
}
