// Builds what runs: the processes to dist/ (esbuild), the pages to .next/ (next build).
import { spawnSync } from "node:child_process"
import path from "node:path"
import { build } from "esbuild"
import { bundleOptions, root } from "./bundle.mjs"

await build(bundleOptions(path.join(root, "dist")))

const next = path.join(root, "node_modules/next/dist/bin/next")
const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }
const { status } = spawnSync(process.execPath, [next, "build"], { cwd: root, env, stdio: "inherit" })
process.exit(status ?? 1)
