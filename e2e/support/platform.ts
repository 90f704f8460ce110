import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"

/** A whole Phial of its own on loopback, as `npm start` runs it. */
export interface Platform {
  home: string
  url: string
  appsPort: number
  /** The one-time link that the start printed; `null` after the set-up. */
  setupLink: string | null
  env: Record<string, string>
  process: ChildProcess
}

const ROOT = process.cwd()
const START_WITHIN_MS = 120_000

/** @param settings of the operator's, besides where it listens. */
export async function startPlatform(existing?: Pick<Platform, "home" | "env">, settings: Record<string, string> = {}): Promise<Platform> {
  const env = { ...(existing?.env ?? (await newEnvironment())), ...settings }
  const home = env.PHIAL_HOME ?? ""
  const child = spawn(process.execPath, ["dist/start.js"], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const url = `http://localhost:${env.PHIAL_PORT}`
  const printed = await untilPrinted(child, new RegExp(`${url}\\S*`))
  const setupLink = /http:\S+\/setup\?token=\S+/.exec(printed)?.[0] ?? null
  return { home, url, appsPort: Number(env.PHIAL_APPS_PORT), setupLink, env, process: child }
}

/** Ends the control plane and everything that runs on it, and forgets it. */
export async function stopPlatform(platform: Platform): Promise<void> {
  await endControlPlane(platform)
  spawnSync(process.execPath, ["dist/stop.js", "--apps"], { cwd: ROOT, env: { ...process.env, ...platform.env }, stdio: "inherit" })
  rmSync(platform.home, { recursive: true, force: true })
}

/** As Ctrl-C does: the apps go on. */
export async function endControlPlane(platform: Platform): Promise<void> {
  if (platform.process.exitCode !== null || platform.process.signalCode !== null) return
  const ended = new Promise((resolve) => platform.process.once("exit", resolve))
  platform.process.kill("SIGTERM")
  await ended
}

async function newEnvironment(): Promise<Record<string, string>> {
  const home = mkdtempSync(path.join(tmpdir(), "phial-e2e-"))
  // The stack takes half a minute to make and is the same for all: the checkout's is used.
  symlinkSync(path.join(ROOT, ".phial/stacks"), path.join(home, "stacks"))
  const [web, apps, tls] = await freePorts(3)
  return {
    PHIAL_HOME: home,
    PHIAL_HOST: "127.0.0.1",
    PHIAL_PORT: String(web),
    PHIAL_APPS_PORT: String(apps),
    PHIAL_APPS_TLS_PORT: String(tls),
    PHIAL_SSH_PORTS: sshPorts(),
  }
}

/** Below the ports that the system gives out by itself. */
function sshPorts(): string {
  const first = 10_000 + Math.floor(Math.random() * 20_000)
  return `${first}-${first + 99}`
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** @returns what was printed up to and with the line that matches. */
async function untilPrinted(child: ChildProcess, wanted: RegExp): Promise<string> {
  let printed = ""
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not printed within two minutes: ${wanted}\n${printed}`)), START_WITHIN_MS)
    const take = (chunk: Buffer) => {
      printed += chunk
      if (wanted.test(printed) && printed.endsWith("\n")) {
        clearTimeout(late)
        resolve(printed)
      }
    }
    child.stdout?.on("data", take)
    child.stderr?.on("data", take)
    child.once("exit", (code) => {
      clearTimeout(late)
      reject(new Error(`the platform ended with ${code} instead of starting:\n${printed}`))
    })
  })
}
