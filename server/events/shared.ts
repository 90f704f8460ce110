import type { Hub } from "./hub"

/** Next bundles its routes apart from the process that serves them: what both share hangs on `globalThis`. */
const holder = globalThis as { phialHub?: Hub }

/** The process's hub, for its routes. @throws when the process made none: a bug. */
export function sharedHub(): Hub {
  if (!holder.phialHub) throw new Error("invariant: the process that serves routes shares its hub first")
  return holder.phialHub
}

export function shareHub(hub: Hub): void {
  holder.phialHub = hub
}
