import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"

/**
 * What postgres.js 3.4.9 gets wrong when its server is killed; why is told in docs/decisions/005. Another version makes this fail:
 * then look whether it still needs to be mended.
 */
const MENDED = [
  {
    file: "connection.js",
    // A write that was still to come counted as coming for ever: on that connection nothing was ever sent again.
    from: "clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
    to: "clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
  },
  {
    file: "connection.js",
    // What was asked between the connection's error and its end was answered by nobody; and its last error was told to whoever came next.
    from: "!hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))",
    to: ";(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n    query = results = errorResponse = null",
  },
  {
    file: "index.js",
    from: "let savepoints = 0\n",
    to: "let savepoints = 0\n      , lost = null\n",
  },
  {
    file: "index.js",
    from: "connection.onclose = reject)",
    to: "connection.onclose = e => reject(lost = e))",
  },
  {
    file: "index.js",
    // What is left of a transaction whose connection was lost ran on the next one, outside of any.
    from: "q.catch(e => uncaughtError || (uncaughtError = e))\n",
    to: "q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n",
  },
]

/** Repeatable. @throws Error when the text to be mended is not there. */
export function mendPostgres(root) {
  for (const folder of ["src", "cjs/src"]) {
    for (const { file, from, to } of MENDED) {
      const place = path.join(root, "node_modules/postgres", folder, file)
      const text = readFileSync(place, "utf8")
      if (text.includes(to)) continue
      if (text.split(from).length !== 2) throw new Error(`${place} is not what is to be mended: look at scripts/setup/mend.mjs`)
      writeFileSync(
        place,
        text.replace(from, () => to),
      )
    }
  }
}
