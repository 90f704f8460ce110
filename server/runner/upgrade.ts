import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { AppError } from "@/server/kernel/errors"
import { readContainer } from "./containers"
import { SYSTEM_ENV } from "./exec"
import type { Machine } from "./machine"
import { RUNC } from "./monitor"
import { runcRoot } from "./names"
import { Upgraded } from "./protocol"

const run = promisify(execFile)

/** Of the program in the replica; whoever waits for the answer waits a little longer. */
const LIMIT_SECONDS = 60
const KILL_SECONDS = 5
const ANSWER_BYTES = 65_536

/**
 * Runs the one program that upgrades a replica in place, as the app's own user. What it prints is the app's word, no more: it can
 * say that it upgraded itself and lie, at its own cost.
 */
export async function upgradeReplica(machine: Machine, id: string, release: number): Promise<Upgraded> {
  const container = await readContainer(machine, id)
  if (container?.kind !== "replica") throw new AppError("not_found", `There is no replica ${id}.`)
  if (container.state === "ended") return { ok: false, reason: "The replica has ended." }
  const program = [
    "/usr/bin/timeout",
    `--kill-after=${KILL_SECONDS}`,
    String(LIMIT_SECONDS),
    "/phial/run-container/hot-upgrade",
    String(release),
  ]
  const options = {
    env: SYSTEM_ENV,
    timeout: (LIMIT_SECONDS + 2 * KILL_SECONDS) * 1000,
    maxBuffer: ANSWER_BYTES,
    killSignal: "SIGKILL" as const,
  }
  return run(RUNC, ["--root", runcRoot(machine.home), "exec", id, ...program], options).then(
    ({ stdout }) => answerIn(stdout),
    (error: Error & { code?: unknown; killed?: boolean }) => ({ ok: false, reason: failure(error) }),
  )
}

function answerIn(stdout: string): Upgraded {
  try {
    return Upgraded.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""))
  } catch {
    return { ok: false, reason: "The upgrade ended without a word: the replica's last lines may say why." }
  }
}

/** The code of `timeout`. */
const TIMED_OUT = 124

function failure(error: { code?: unknown; killed?: boolean }): string {
  if (error.killed || error.code === TIMED_OUT) return `The upgrade took longer than ${LIMIT_SECONDS} seconds.`
  return "The replica ended while it was upgraded: its last lines say why."
}
