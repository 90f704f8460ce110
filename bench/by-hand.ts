import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"

/** An app as somebody without Phial runs it: `mix release` on the same stack, `bin/app start`, SIGTERM. */
export interface ByHand {
  buildSeconds: number
  /** @returns when it answers on the port. */
  start(port: number): Promise<Running>
  /** Everything that was made. */
  remove(): void
}

export interface Running {
  /** From the start to the first answer. */
  bootSeconds: number
  /** Lets it end in its own time. */
  stop(): Promise<void>
}

/** In a mount namespace of its own, so that nothing of it stays on the machine. */
export function buildByHand(sample: string): ByHand {
  const dir = mkdtempSync(path.join(tmpdir(), "phial-by-hand-"))
  cpSync(path.join(process.cwd(), "e2e/apps", sample), dir, { recursive: true })
  const begun = performance.now()
  inStack(dir, "MIX_ENV=prod mix release --quiet --overwrite")
  return {
    buildSeconds: (performance.now() - begun) / 1000,
    start: (port) => boot(dir, sample, port),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** @returns seconds for the build and for the boot. */
export async function buildAndBootByHand(sample: string, port: number): Promise<{ buildSeconds: number; bootSeconds: number }> {
  const app = buildByHand(sample)
  try {
    const { bootSeconds, stop } = await app.start(port)
    await stop()
    return { buildSeconds: app.buildSeconds, bootSeconds }
  } finally {
    app.remove()
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

async function boot(dir: string, sample: string, port: number): Promise<Running> {
  const begun = performance.now()
  const command = `PORT=${port} SECRET_KEY_BASE=none exec _build/prod/rel/${sample}/bin/${sample} start`
  // A group of its own: `unshare` keeps signals from its child, which gets them by the group.
  const app = spawn("unshare", stackArguments(dir, command), { stdio: "ignore", detached: true })
  try {
    while (!(await answers(port))) {
      if (app.exitCode !== null) throw new Error(`by hand: ${sample} ended with ${app.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  } catch (error) {
    app.kill("SIGKILL")
    throw error
  }
  return { bootSeconds: (performance.now() - begun) / 1000, stop: () => stopped(app) }
}

async function stopped(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null || !app.pid) return
  const ended = new Promise((resolve) => app.once("exit", resolve))
  process.kill(-app.pid, "SIGTERM")
  await ended
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
