import { spawnSync } from "node:child_process"
import path from "node:path"
import type { Env } from "@/server/kernel/env"

/** The user that everything but the runner runs as, when Phial is started as root. Made by the set-up. */
const USER = "phial"

export interface Owner {
  name: string
  uid: number
  gid: number
}

/** @returns Phial's own user if we are root and there is one. */
export function platformUser(): Owner | null {
  if (process.getuid?.() !== 0) return null
  const [uid, gid] = ["--user", "--group"].map((option) => spawnSync("id", [option, USER], { encoding: "utf8" }))
  if (uid?.status !== 0 || gid?.status !== 0) return null
  return { name: USER, uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/**
 * Whether that user can run what lies in the checkout: a clone below /root, or a Node there, is out of its reach.
 * Tried by doing it; permissions of every folder on the way, ACLs and mounts all have a say.
 */
export function canRun(owner: Owner, env: Env, scripts: string): boolean {
  const needed = [scripts, env.root, path.join(env.root, "node_modules/next/package.json")]
  // The home itself gets the right mode from us; only the way to it must be open.
  const check =
    "const [home, ...files] = process.argv.slice(1); const { accessSync } = require('node:fs'); accessSync(home, 1); for (const file of files) accessSync(file, 4)"
  const tried = spawnSync(process.execPath, ["-e", check, path.dirname(env.home.root), ...needed], {
    uid: owner.uid,
    gid: owner.gid,
    stdio: "ignore",
    cwd: "/",
  })
  return tried.status === 0
}
