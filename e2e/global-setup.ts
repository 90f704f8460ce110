import { startPlatform, stopPlatform } from "./support/platform"

/** One platform for all journeys; they find it, and its operator's set-up link, in the environment. */
export default async function setup() {
  const platform = await startPlatform()
  process.env.PHIAL_E2E = JSON.stringify({ ...platform, process: undefined, pid: platform.process.pid })
  return () => stopPlatform(platform)
}
