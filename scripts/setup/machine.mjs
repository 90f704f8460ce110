import { spawnSync } from "node:child_process"
import { accessSync, constants } from "node:fs"
import path from "node:path"
import { alreadyThere, run, SetupError } from "./step.mjs"

/** What the commands need on the machine: to run apps, and to test Phial itself. */
const PACKAGES = {
  start: [
    ...["runc", "conmon", "haproxy", "mmdebstrap", "debian-archive-keyring", "nftables", "iproute2"],
    ...["zstd", "git", "curl", "openssh-client", "e2fsprogs", "util-linux"],
  ],
  test: ["chromium", "fonts-liberation", "wrk"],
}

/** Phial's own user: all of it but the runner runs as this one. */
const USER = "phial"

export const isRoot = process.getuid?.() === 0

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new SetupError(`Phial needs Node 20.9 or newer; this is ${process.versions.node}.`)
  }
  alreadyThere("new enough")
}

/**
 * Installs what is missing, as root, without starting the services that packages bring.
 * @param {{ mode: "start" | "test", logFile: string }} setup
 * @returns {string[]} what is missing and could not be installed
 */
export async function installPackages({ mode, logFile }, progress) {
  if (!isOnPath("dpkg-query") || !isOnPath("apt-get")) {
    throw new SetupError(
      `Phial's embedded parts need Debian 12 or newer, or Ubuntu; elsewhere install by hand: ${PACKAGES.start.join(" ")}`,
    )
  }
  const missing = missingPackages(mode)
  if (missing.length === 0) alreadyThere()
  if (!isRoot) return missing
  progress(missing.join(" "))
  const { withoutServices } = await import("./services.mjs")
  const install = () =>
    run("apt-get", ["install", "--yes", "--no-install-recommends", ...missing], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      logFile,
      progress,
    })
  await withoutServices(async () => {
    // The lists of packages may be absent or too old; fetching them is only needed then.
    await install().catch(async () => {
      await run("apt-get", ["update"], { logFile, progress })
      await install()
    })
  })
  return []
}

/** Makes the user that the control plane runs as. Only root can. */
export async function makeUser({ logFile }) {
  if (spawnSync("id", ["--user", USER], { stdio: "ignore" }).status === 0) alreadyThere()
  const options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
  await run("useradd", [...options, USER], { logFile })
}

/** @param {"start" | "test"} mode */
function missingPackages(mode) {
  const wanted = [...PACKAGES.start, ...(mode === "test" ? PACKAGES.test : [])]
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
  const format = "${Package} ${db:Status-Status}\n"
  const asked = spawnSync("dpkg-query", ["--show", "--showformat", format, ...wanted], { encoding: "utf8" })
  const lines = asked.stdout.split("\n").filter((line) => line.endsWith(" installed"))
  const installed = new Set(lines.map((line) => line.split(" ")[0]))
  return wanted.filter((name) => !installed.has(name))
}

function isOnPath(program) {
  return (process.env.PATH ?? "").split(path.delimiter).some((dir) => isExecutable(path.join(dir, program)))
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
