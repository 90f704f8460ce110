import { readFileSync } from "node:fs"
import path from "node:path"

/** Whether a supervisor runs this home: what it runs from must then not be changed below it. */
export function isRunning(home) {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(path.join(home, "parts/start.json"), "utf8"))
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // As server/kernel/process.ts reads it: the 22nd field, counted after the name in brackets.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] === startedAt
  } catch {
    return false
  }
}
