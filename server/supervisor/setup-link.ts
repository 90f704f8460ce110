import { closeSync, constants, existsSync, fchownSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import type { Env } from "@/server/kernel/env"
import { newToken } from "@/server/kernel/secret"
import type { Owner } from "./owner"

/**
 * The address of the dashboard; while there is no account, the one-time link that makes the first one, the operator's.
 * The token lies in a file that only Phial's user reads; whoever redeems it removes the file.
 */
export function dashboardLink(env: Env, owner: Owner | null, hasAccounts: boolean): { url: string; isSetup: boolean } {
  const file = env.home.run.setupTokenFile
  if (hasAccounts) {
    rmSync(file, { force: true })
    return { url: env.url, isSetup: false }
  }
  // A link that was printed by an earlier start stays good.
  if (!existsSync(file)) writeToken(file, owner)
  return { url: `${env.url}/setup?token=${readFileSync(file, "utf8").trim()}`, isSetup: true }
}

function writeToken(file: string, owner: Owner | null): void {
  const fd = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  if (owner) fchownSync(fd, owner.uid, owner.gid)
  writeSync(fd, newToken())
  closeSync(fd)
}
