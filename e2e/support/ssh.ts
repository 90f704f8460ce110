import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Person } from "./people"

/** A laptop with one SSH key, which remembers the hosts it has met. */
export interface Laptop {
  publicKey: string
  /** Runs a command as the official CLI does: as root, at what `ssh_ip` says. */
  run(app: string, ...command: string[]): Promise<{ code: number | null; output: string }>
  /** The same with a terminal, for whoever types into it. */
  open(app: string, ...command: string[]): Promise<{ process: ChildProcess; output(): string }>
}

/** @param person whose API says where an app's SSH is. */
export function laptopOf(person: Person): Laptop {
  const dir = mkdtempSync(path.join(tmpdir(), "phial-laptop-"))
  const key = path.join(dir, "id_ed25519")
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
  // Whom it does not know it believes; who has another key than last time it refuses.
  const settings = ["BatchMode=yes", "IdentitiesOnly=yes", "ConnectTimeout=5", "LogLevel=ERROR", "StrictHostKeyChecking=accept-new"]
  const options = [...settings, `UserKnownHostsFile=${dir}/known_hosts`].flatMap((setting) => ["-o", setting])
  const ssh = async (app: string, more: string[], command: string[]) => {
    const { data } = await person.api.call("GET", `/api/apps/${app}/ssh_ip`)
    const where = (data as { ssh_ip: string }).ssh_ip.split(" ")
    const child = spawn("ssh", ["-F", "none", "-i", key, ...options, ...more, `root@${where[0]}`, ...where.slice(1), ...command])
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()))
    return { process: child, output: () => output }
  }
  return {
    publicKey: readFileSync(`${key}.pub`, "utf8"),
    open: (app, ...command) => ssh(app, ["-tt"], command),
    async run(app, ...command) {
      const { process: child, output } = await ssh(app, ["-T"], command)
      child.stdin?.end()
      const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
      return { code, output: output().trim() }
    },
  }
}
