import { existsSync, readlinkSync, statSync } from "node:fs"
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import type { Home } from "@/server/kernel/home"

/** A range of addresses of this machine, and whose it is. */
export interface Claim {
  chunk: number
  /** The path of the holder's home, as the holder sees it. */
  root: string
  /** Whether the home is gone for sure. What lies behind another mount namespace or root directory nobody here can tell. */
  isGone: boolean
}

/** Every claim is a file named by its range. Changes take the lock. */
const FOLDER = "/run/phial/chunks"
export const CLAIMS = { folder: FOLDER, lock: `${FOLDER}.lock` }

/** @returns all claims on this machine. */
export async function claims(folder = CLAIMS.folder): Promise<Claim[]> {
  const names = await readdir(folder).catch(() => [])
  const read = names.filter((name) => /^\d+$/.test(name)).map((name) => readClaim(folder, Number(name)))
  return (await Promise.all(read)).filter((claim) => claim !== null)
}

/** Takes a range for a home, whoever had it. */
export async function writeClaim(home: Home, chunk: number, folder = CLAIMS.folder): Promise<void> {
  const file = path.join(folder, String(chunk))
  await writeFile(`${file}.new`, `${home.root}\n${view()}`)
  await rename(`${file}.new`, file)
}

export async function dropClaim(chunk: number, folder = CLAIMS.folder): Promise<void> {
  await rm(path.join(folder, String(chunk)), { force: true })
}

async function readClaim(folder: string, chunk: number): Promise<Claim | null> {
  const text = await readFile(path.join(folder, String(chunk)), "utf8").catch(() => "")
  const [root, from = view()] = text.split("\n")
  return root ? { chunk, root, isGone: from === view() && !existsSync(root) } : null
}

/** What decides which files a process finds at a path: its mount namespace and its root directory. */
function view(): string {
  const { dev, ino } = statSync("/")
  return `${readlinkSync("/proc/self/ns/mnt")} ${dev}:${ino}`
}
