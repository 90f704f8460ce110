import { readdirSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url))

/**
 * How the processes are bundled: each `server/main/<name>.ts` to one `<outdir>/<name>.js`, and the benchmark. What is native, or must be one
 * with what Next loads in the same process, stays outside.
 * @param {string} outdir
 * @returns {import("esbuild").BuildOptions}
 */
export function bundleOptions(outdir) {
  return {
    absWorkingDir: root,
    entryPoints: { ...mains(), bench: "bench/index.ts" },
    outdir,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    tsconfig: "tsconfig.json",
    external: ["next", "next/*", "next-auth", "next-auth/*", "react", "react-dom", "postgres", "@node-rs/argon2", "@playwright/test"],
    // CommonJS packages inside a bundle of modules still ask for `require`.
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
    logLevel: "warning",
  }
}

const SHARED = ["heartbeat.ts", "slug-store.ts"]

/** One a process. Beside them lie their tests, and what several of them share. */
function mains() {
  const files = readdirSync(path.join(root, "server/main")).filter((name) => !name.endsWith(".test.ts") && !SHARED.includes(name))
  return Object.fromEntries(files.map((name) => [path.basename(name, ".ts"), path.join("server/main", name)]))
}
