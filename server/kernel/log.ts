import { inspect } from "node:util"

type Level = "debug" | "info" | "warn" | "error"

/** Phial's own log: one JSON object a line on stdout, which the supervisor keeps. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  with(fields: Record<string, unknown>): Log
}

/** @param part the process that speaks: web, controller, logger, runner, start. */
export function makeLog(part: string, base: Record<string, unknown> = {}, write = writeStdout): Log {
  const emit =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      write(line({ at: new Date().toISOString(), level, part, message, ...base, ...fields }))
  return {
    debug: emit("debug"),
    info: emit("info"),
    warn: emit("warn"),
    error: emit("error"),
    with: (fields) => makeLog(part, { ...base, ...fields }, write),
  }
}

/** Says nothing: for tests that do not look at the log. */
export const silentLog: Log = makeLog("silent", {}, () => undefined)

function line(entry: Record<string, unknown>): string {
  return `${JSON.stringify(entry, (_key, value: unknown) => (value instanceof Error ? inspect(value) : value))}\n`
}

function writeStdout(text: string): void {
  process.stdout.write(text)
}
