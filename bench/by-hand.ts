import { spawn, spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"

/**
 * What somebody without Phial does: `mix release` on the same stack, then `bin/app start` until it answers. In a mount namespace of
 * its own, so that nothing of it stays on the machine.
 * @returns seconds for the build and for the boot.
 */
export async function buildAndBootByHand(sample: string, port: number): Promise<{ buildSeconds: number; bootSeconds: number }> {
  const dir = mkdtempSync(path.join(tmpdir(), "phial-by-hand-"))
  cpSync(path.join(process.cwd(), "e2e/apps", sample), dir, { recursive: true })
  try {
    const begun = performance.now()
    inStack(dir, "MIX_ENV=prod mix release --quiet --overwrite")
    const buildSeconds = (performance.now() - begun) / 1000
    return { buildSeconds, bootSeconds: await boot(dir, sample, port) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const ROOTFS = path.join(process.cwd(), ".phial/stacks/debian-13/rootfs")

/** The folder is /srv there. The command is a constant of this file and the ports are numbers: a shell is safe here. */
function stackArguments(dir: string, command: string): string[] {
  const script = `mount --bind "$1" "$2/srv" && mount -t proc proc "$2/proc" && exec chroot "$2" /bin/sh -c "cd /srv && HOME=/srv LANG=C.UTF-8 $3"`
  return ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh", dir, ROOTFS, command]
}

function inStack(dir: string, command: string): void {
  const { status, stderr, stdout } = spawnSync("unshare", stackArguments(dir, command), { encoding: "utf8" })
  if (status !== 0) throw new Error(`by hand: ${command}: ${stdout}${stderr}`)
}

async function boot(dir: string, sample: string, port: number): Promise<number> {
  const begun = performance.now()
  const command = `PORT=${port} SECRET_KEY_BASE=none exec _build/prod/rel/${sample}/bin/${sample} start`
  const app = spawn("unshare", stackArguments(dir, command), { stdio: "ignore" })
  try {
    while (!(await answers(port))) {
      if (app.exitCode !== null) throw new Error(`by hand: ${sample} ended with ${app.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return (performance.now() - begun) / 1000
  } finally {
    app.kill("SIGKILL")
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })
}
