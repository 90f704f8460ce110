import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"

/** Debian's packages ask this program whether they may start their service; 101 is "no" (invoke-rc.d's protocol). */
const POLICY = "/usr/sbin/policy-rc.d"
const KEPT = `${POLICY}.before-phial`
const OURS = "#!/bin/sh\n# Phial's set-up: packages are being installed, their services stay off.\nexit 101\n"

/** Runs `work` while no package may start a service, and puts back what was there, also after an interrupted run. */
export async function withoutServices(work) {
  putBack()
  if (existsSync(POLICY)) renameSync(POLICY, KEPT)
  writeFileSync(POLICY, OURS, { mode: 0o755 })
  const onSignal = () => {
    putBack()
    process.exit(130)
  }
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal)
  try {
    return await work()
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal)
    putBack()
  }
}

function putBack() {
  if (existsSync(POLICY) && readFileSync(POLICY, "utf8") === OURS) rmSync(POLICY)
  if (existsSync(KEPT)) renameSync(KEPT, POLICY)
}
