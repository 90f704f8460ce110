import { spawn } from "node:child_process"
import { appendFileSync, mkdirSync } from "node:fs"
import path from "node:path"

const isTerminal = process.stdout.isTTY === true
const KEPT_OUTPUT_LINES = 25

/** What stops the set-up, in words for the person at the terminal: printed without a stack trace. */
export class SetupError extends Error {}

/** Thrown by a step that found nothing to do; its message says why. */
class NothingToDo extends Error {}

/** @returns {never} ends the step, shown as skipped. */
export function alreadyThere(why = "skipped: already there") {
  throw new NothingToDo(why)
}

/** A line that is no step: something the person should know. */
export function say(text) {
  process.stdout.write(`  ${text}\n`)
}

/**
 * Runs one step and shows it: that it runs, then how long it took, or that there was nothing to do.
 * @param {string} title what it makes sure of
 * @param {(progress: (text: string) => void) => unknown} work calls `alreadyThere()` when there is nothing to do
 */
export async function step(title, work) {
  const line = progressLine(title)
  try {
    await work(line.show)
    line.end("✓", `${line.seconds()} s`)
  } catch (error) {
    if (error instanceof NothingToDo) return line.end("✓", error.message)
    line.end("✗", "failed")
    throw error
  }
}

/** On a terminal one line that counts; elsewhere one line at the start of what takes long, one at the end. */
function progressLine(title) {
  const began = performance.now()
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1)
  let detail = ""
  const draw = () =>
    process.stdout.write(`\r\x1b[2K  … ${title} ${Math.floor(Number(seconds()))} s ${detail}`.slice(0, (process.stdout.columns ?? 80) + 5))
  const timer = isTerminal ? setInterval(draw, 250) : null
  return {
    seconds,
    show(text) {
      if (!isTerminal && !detail) process.stdout.write(`  … ${title}: ${text}\n`)
      detail = text
    },
    end(mark, outcome) {
      if (timer) clearInterval(timer)
      process.stdout.write(`${isTerminal ? "\r\x1b[2K" : ""}  ${mark} ${title} (${outcome})\n`)
    },
  }
}

/**
 * Runs a program, its output kept in the set-up's log.
 * @param {string} file @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, logFile: string, progress?: (line: string) => void }} options
 * @throws {SetupError} with its last lines when it fails
 */
export function run(file, args, { cwd, env = {}, logFile, progress }) {
  mkdirSync(path.dirname(logFile), { recursive: true })
  appendFileSync(logFile, `\n$ ${[file, ...args].join(" ")}\n`)
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] })
    let lines = []
    const keep = (chunk) => {
      appendFileSync(logFile, chunk)
      lines = [
        ...lines,
        ...String(chunk)
          .split(/[\r\n]+/)
          .filter(Boolean),
      ].slice(-KEPT_OUTPUT_LINES)
      progress?.(lines.at(-1) ?? "")
    }
    child.stdout.on("data", keep)
    child.stderr.on("data", keep)
    child.on("error", (error) => reject(new SetupError(`${file}: ${error.message}`)))
    child.on("close", (code) => {
      if (code === 0) resolve()
      else reject(new SetupError(`${lines.join("\n")}\n\n${file} ended with ${code}; all of its output is in ${logFile}`))
    })
  })
}
