import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { mendPostgres } from "./mend.mjs"
import { alreadyThere, run } from "./step.mjs"

/** Installs what package-lock.json says, when `node_modules` holds anything else. */
export async function installNodeModules({ root, logFile }, progress) {
  if (isInstalled(root)) {
    mendPostgres(root)
    alreadyThere()
  }
  progress("npm ci")
  await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], { cwd: root, logFile, progress })
  mendPostgres(root)
}

/** npm writes what it installed as the last thing of an install, in the form of the lock file. */
function isInstalled(root) {
  const record = path.join(root, "node_modules/.package-lock.json")
  if (!existsSync(record)) return false
  const wanted = packagesOf(path.join(root, "package-lock.json"))
  const found = packagesOf(record)
  return Object.entries(wanted).every(([dir, { version, optional }]) => {
    const has = found[dir]
    return dir === "" || has?.version === version || (!has && optional === true)
  })
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages
}
