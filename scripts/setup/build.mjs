import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import path from "node:path"
import { alreadyThere, run } from "./step.mjs"

/** What the built app depends on. */
const SOURCES = [
  ...["app", "bench", "components", "db", "e2e/support", "public", "server"],
  ...["next.config.ts", "package-lock.json", "postcss.config.mjs", "scripts/build.mjs", "scripts/bundle.mjs", "tsconfig.json"],
]
const STAMP = "dist/built-from"

/** Builds pages and processes, unless they were built from these very sources. */
export async function buildApp({ root, logFile }, progress) {
  const hash = sourcesHash(root)
  const stamp = path.join(root, STAMP)
  const builtFrom = existsSync(stamp) ? readFileSync(stamp, "utf8") : ""
  if (builtFrom === hash && existsSync(path.join(root, ".next/BUILD_ID"))) alreadyThere()
  progress("next build, esbuild")
  await run(process.execPath, ["scripts/build.mjs"], { cwd: root, logFile, progress })
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}

function sourcesHash(root) {
  const hash = createHash("sha256").update(process.versions.node)
  for (const file of SOURCES.flatMap((source) => filesUnder(root, source))) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(root, file)))
      .update("\0")
  }
  return hash.digest("hex")
}

/** Relative paths in a fixed order; tests are no part of what runs. */
function filesUnder(root, source) {
  const full = path.join(root, source)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [source]
  return readdirSync(full, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(root, path.join(source, entry.name)) : [path.join(source, entry.name)]))
    .filter((file) => !/\.test\.tsx?$/.test(file))
}
