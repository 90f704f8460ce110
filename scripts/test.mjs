// `npm test`: every check there is, the quick ones first. Goes on after a failure, so that one run shows all of them.
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { root } from "./bundle.mjs"
import { buildApp } from "./setup/build.mjs"
import { step } from "./setup/step.mjs"

const reports = mkdtempSync(path.join(tmpdir(), "phial-test-"))
const results = []

check("lint", ["biome", "check", "--error-on-warnings", "."])
check("types of routes", ["next", "typegen"])
check("types", ["tsc", "--noEmit"])
check("dead code", ["knip"])
const vitestReport = path.join(reports, "vitest.json")
suite("unit and integration", ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`], () => {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = read(vitestReport)
  // A file that does not even load counts as a failure of its own.
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0), skipped: numPendingTests }
})
if (hasJourneys() && (await builds())) {
  const journeyReport = path.join(reports, "playwright.json")
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: journeyReport }
  const counts = () => {
    const { expected, flaky, unexpected, skipped } = read(journeyReport).stats
    return { passed: expected + flaky, failed: unexpected, skipped }
  }
  suite("journeys in the browser", ["playwright", "test", "--reporter=list,json"], counts, env)
}

rmSync(reports, { recursive: true, force: true })
summarise()

/** One yes or no. */
function check(name, command, env = {}) {
  const { ok, seconds } = npx(name, command, env)
  results.push({ name, seconds, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 })
}

/** Many tests, counted by the runner's own report. */
function suite(name, command, counts, env = {}) {
  const { ok, seconds } = npx(name, command, env)
  const { passed, failed, skipped } = countsOr(counts)
  results.push({ name, seconds, passed, failed: ok ? failed : Math.max(1, failed), skipped })
}

/** A run that broke off has no report. */
function countsOr(counts) {
  try {
    return counts()
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function npx(name, [tool, ...args], env) {
  process.stdout.write(`\n── ${name}\n`)
  const began = performance.now()
  const { status } = spawnSync(path.join(root, "node_modules/.bin", tool), args, {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
    stdio: "inherit",
  })
  return { ok: status === 0, seconds: (performance.now() - began) / 1000 }
}

async function builds() {
  const began = performance.now()
  process.stdout.write("\n── build\n")
  const logFile = path.join(root, ".phial/logs/setup.log")
  const error = await step("Phial's build", (progress) => buildApp({ root, logFile }, progress)).then(
    () => null,
    (why) => why,
  )
  if (error) process.stdout.write(`${error.message}\n`)
  results.push({ name: "build", seconds: (performance.now() - began) / 1000, passed: error ? 0 : 1, failed: error ? 1 : 0, skipped: 0 })
  return error === null
}

function hasJourneys() {
  return readdirSync(path.join(root, "e2e"), { recursive: true }).some((file) => String(file).endsWith(".spec.ts"))
}

function read(file) {
  return JSON.parse(readFileSync(file, "utf8"))
}

/** The closing line stands alone: it is what people and machines look for. */
function summarise() {
  process.stdout.write("\n")
  for (const { name, seconds, passed, failed, skipped } of results) {
    const left = skipped > 0 ? `, ${skipped} skipped` : ""
    process.stdout.write(
      `${failed === 0 ? "✓" : "✗"} ${name.padEnd(26)} ${passed} passed, ${failed} failed${left} (${seconds.toFixed(1)} s)\n`,
    )
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed\n`)
  process.exit(sum("failed") === 0 ? 0 : 1)
}
