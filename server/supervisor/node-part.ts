import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"
import { childEnvironment, type Env } from "@/server/kernel/env"
import { endProcess, markOf } from "@/server/kernel/process"
import type { Part, Running } from "./keep-running"
import type { Owner } from "./owner"
import { openPartLog } from "./part-log"
import { endPart, GRACE_MS, writeMark } from "./process-file"
import { PATIENCE, type Patience, watchSigns } from "./signs-of-life"

export interface NodePartOptions {
  env: Env
  name: string
  /** The bundle to run. */
  script: string
  /** Who it runs as; `null` for who we are. */
  owner: Owner | null
  patience?: Patience
}

/**
 * One of our own processes. Its output goes to `logs/<name>.log`, which it keeps writing when the supervisor is gone. One that hangs
 * (shows no sign of life) is killed: it was made for that.
 */
export function nodePart(options: NodePartOptions): Part {
  const logFile = path.join(options.env.home.logs, `${options.name}.log`)
  return { name: options.name, logFile, start: () => startNode(options, logFile) }
}

async function startNode({ env, name, script, owner, patience = PATIENCE }: NodePartOptions, logFile: string): Promise<Running> {
  await endPart(env.home, name)
  const log = openPartLog(logFile, owner)
  // Detached: Ctrl-C in the terminal reaches the supervisor alone, which ends its parts in order.
  const child = spawn(process.execPath, [script], {
    cwd: env.root,
    env: childEnvironment({ HOME: env.home.root, PHIAL_HOME: env.home.root, ...(owner ? { USER: owner.name, LOGNAME: owner.name } : {}) }),
    detached: true,
    stdio: ["ignore", log.fd, log.fd, "ipc"],
    ...(owner ? { uid: owner.uid, gid: owner.gid } : {}),
  })
  let isHung = false
  const ended = untilEnded(child)
    .then((why) => (isHung ? "it did not move any more and was killed" : why))
    .finally(log.close)
  const mark = child.pid ? markOf(child.pid) : null
  if (!mark) throw new Error(await ended)
  writeMark(env.home, name, mark)
  watchSigns(child, patience, () => {
    isHung = true
    void endProcess(mark, GRACE_MS, "SIGKILL")
  })
  return { pid: mark.pid, ended, stop: () => endProcess(mark, GRACE_MS) }
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message))
    child.once("exit", (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`))
  })
}
