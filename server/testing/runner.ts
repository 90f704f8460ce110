import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { type Home, homeAt } from "@/server/kernel/home"
import { silentLog } from "@/server/kernel/log"
import { dismantle, openRunner, type Runner } from "@/server/runner"
import type { Container, CreateContainer } from "@/server/runner/protocol"

const STACKS = path.resolve(".phial/stacks")
/** Where the stack of the tests lies. */
export const STACK = path.join(STACKS, "debian-13", "rootfs")

/** Why containers cannot be made here, or `null`: tests that need them skip with this. */
export const noContainers =
  process.getuid?.() !== 0 ? "needs root" : existsSync(path.join(STACKS, "debian-13")) ? null : "needs the stack debian-13"

export interface TestRunner {
  home: Home
  runner: Runner
  removeAll(): Promise<void>
  /** Ends all its containers and takes away what it put on the machine. */
  close(): Promise<void>
}

/** A home of its own with the checkout's stacks. Its path is short: sockets lie below it. */
export function testHome(): Home {
  const home = homeAt(mkdtempSync(path.join(tmpdir(), "ph-")))
  symlinkSync(STACKS, home.stacks)
  mkdirSync(home.sources)
  mkdirSync(home.run.replicaApiDir, { recursive: true })
  return home
}

/** @param script becomes /phial/entrypoint and /phial/build; without it the checkout's `stack` is used. */
export async function testRunner(script?: string, home = testHome()): Promise<TestRunner> {
  const phialDir = script === undefined ? path.resolve("stack") : path.join(home.root, "phial")
  if (script !== undefined) {
    mkdirSync(phialDir, { recursive: true })
    for (const name of ["entrypoint", "build"]) writeFileSync(path.join(phialDir, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
  }
  const runner = await openRunner({ home, phialDir, log: silentLog })
  const removeAll = async () => {
    for (const { id } of await runner.list()) await runner.remove(id)
  }
  return { home, runner, removeAll, close: () => removeAll().then(() => clear(home, runner)) }
}

async function clear(home: Home, runner: Awaited<ReturnType<typeof openRunner>>): Promise<void> {
  runner.close()
  await dismantle(home)
  rmSync(home.root, { recursive: true, force: true })
}

/** An order for a small replica. */
export function aReplica(over: Partial<Extract<CreateContainer, { kind: "replica" }>> & { id: string }): CreateContainer {
  const limits = { memoryBytes: 256_000_000, cpus: 1, cpuShares: 1024, pids: 256, diskBytes: 64_000_000 }
  return { kind: "replica", app: 1, slot: 2, stack: "debian-13", env: {}, limits, labels: {}, ...over }
}

/** An order for a small build; its source must lie in the home. */
export function aBuild(over: Partial<Extract<CreateContainer, { kind: "build" }>> & { id: string }): CreateContainer {
  const limits = { memoryBytes: 256_000_000, cpus: 1, cpuShares: 1024, pids: 256, diskBytes: 64_000_000 }
  return { kind: "build", app: 1, stack: "debian-13", env: {}, seconds: 60, limits, labels: {}, ...over }
}

/** An order for a small one-off. */
export function aOneOff(over: Partial<Extract<CreateContainer, { kind: "one_off" }>> & { id: string }): CreateContainer {
  const limits = { memoryBytes: 256_000_000, cpus: 1, cpuShares: 1024, pids: 256, diskBytes: 64_000_000 }
  return { kind: "one_off", app: 1, stack: "debian-13", env: {}, command: ["true"], seconds: 60, limits, labels: {}, ...over }
}

/** Asks until the answer is there. @throws Error after the deadline. */
export async function until<T>(ask: () => Promise<T | null | undefined | false>, what: string, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const ended = (runner: Runner, id: string) =>
  until(async () => (await runner.list()).find((one) => one.id === id && one.state === "ended")?.exit, `${id} to end`)

/** What it printed so far, without conmon's times. */
export function printed(container: Container): string {
  const lines = readFileSync(container.logFile, "utf8").split("\n")
  return lines.map((line) => line.split(" ").slice(3).join(" ")).join("\n")
}
