import { setUpOperator } from "./support/operator"
import { startPlatform, stopPlatform } from "./support/platform"

/** One platform, set up, for all specs but those that need one of their own; they find it in the environment. */
export default async function setup() {
  const platform = await startPlatform()
  await setUpOperator(platform)
  process.env.PHIAL_E2E = JSON.stringify({ ...platform, process: undefined, pid: platform.process.pid })
  return () => stopPlatform(platform)
}
