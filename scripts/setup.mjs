// The set-up before `npm start` and `npm test`. Plain Node without dependencies: it runs before they are installed.
//   node scripts/setup.mjs start|test [--no-build]
//   node scripts/setup.mjs stack <name>
import path from "node:path"
import { buildApp } from "./setup/build.mjs"
import { checkNode, installPackages, isRoot, makeUser } from "./setup/machine.mjs"
import { installNodeModules } from "./setup/packages.mjs"
import { isRunning } from "./setup/running.mjs"
import { makeStack, readStacks } from "./setup/stack.mjs"
import { SetupError, say, step } from "./setup/step.mjs"

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..")
const home = path.resolve(root, process.env.PHIAL_HOME ?? ".phial")
const logFile = path.join(home, "logs/setup.log")
const [mode = "start", ...rest] = process.argv.slice(2)

/** Ends with a sentence for what the person can cure, with a trace for what is a bug of ours. */
process.on("uncaughtException", (error) => {
  process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`)
  process.exit(1)
})

// The start itself then says where it runs and how to end it.
if (mode === "start" && isRunning(home)) process.exit(0)
if (mode === "stack") await stack(rest[0] ?? readStacks(root).default)
else await everything()

async function everything() {
  const isTest = mode === "test"
  await step(`Node ${process.versions.node}`, checkNode)
  await step("Packages from npm", (progress) => installNodeModules({ root, logFile }, progress))
  let missing = []
  await step("Packages from Debian", async (progress) => {
    missing = await installPackages({ mode: isTest ? "test" : "start", logFile }, progress)
  })
  if (isRoot) {
    await step("The user that Phial runs as", () => makeUser({ logFile }))
    await stack(readStacks(root).default)
  }
  if (!rest.includes("--no-build") && !isTest) await step("Phial's build", (progress) => buildApp({ root, logFile }, progress))
  if (missing.length > 0) say(`Missing; install with: sudo apt-get install --yes --no-install-recommends ${missing.join(" ")}`)
  if (!isRoot) say("Not root: the dashboard will run, builds and apps will not. Start as root for them (sudo npm start).")
}

function stack(name) {
  return step(`Stack ${name}`, (progress) => makeStack({ root, home, name, logFile }, progress))
}
