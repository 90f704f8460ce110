// `npm run dev`: the platform in development: pages by Next's dev server, processes built and restarted on each change.
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import { context } from "esbuild"
import { bundleOptions, root } from "./bundle.mjs"

const outdir = path.join(root, "dist")
const home = path.resolve(root, process.env.PHIAL_HOME ?? ".phial")
const hashes = new Map()

const watcher = await context({ ...bundleOptions(outdir), plugins: [{ name: "restart", setup: (build) => build.onEnd(restartChanged) }] })
await watcher.rebuild()
await watcher.watch()

const env = { ...process.env, NODE_ENV: "development" }
const platform = spawn(process.execPath, [path.join(outdir, "start.js")], { cwd: root, env, stdio: "inherit" })
platform.on("exit", (code) => process.exit(code ?? 1))
// The terminal's Ctrl-C reaches both; the platform ends in order, and we with it.
process.on("SIGINT", () => undefined)
process.on("SIGTERM", () => platform.kill("SIGTERM"))

/** Ends the parts whose bundle is another one now; the supervisor starts them again. */
function restartChanged() {
  for (const part of ["web", "controller", "logger", "runner"]) {
    const hash = hashOf(path.join(outdir, `${part}.js`))
    const before = hashes.get(part)
    hashes.set(part, hash)
    if (before && before !== hash) endPart(part)
  }
}

function endPart(part) {
  try {
    process.kill(JSON.parse(readFileSync(path.join(home, "parts", `${part}.json`), "utf8")).pid, "SIGTERM")
  } catch {
    // It is between two starts and will load the new bundle anyway.
  }
}

function hashOf(file) {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex")
  } catch {
    return ""
  }
}
