type Data = Record<string, unknown>

const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "?")
const keysOf = (value: unknown) => (Array.isArray(value) ? value.filter((key): key is string => typeof key === "string") : [])

/** What each entry of the audit log says to a person, to be read after their name. */
const words: Record<string, (data: Data) => string> = {
  "app.created": () => "made the app",
  "app.scaled": ({ from, to }) => scaled((from ?? {}) as Data, (to ?? {}) as Data),
  "app.restarted": ({ version }) => `restarted v${text(version)}`,
  "app.maintenance_started": () => "turned maintenance on",
  "app.maintenance_ended": () => "turned maintenance off",
  "app.stack_changed": ({ from, to }) => `changed the stack from ${text(from)} to ${text(to)}`,
  "app.settings_changed": ({ from, to }) => `changed ${changedParts((from ?? {}) as Data, (to ?? {}) as Data)}`,
  "app.deleted": () => "deleted the app",
  "build.requested": ({ commit, build }) => `pushed ${text(commit).slice(0, 7)}: build ${text(build)}`,
  "build.cancelled": ({ build }) => `cancelled build ${text(build)}`,
  "release.created": ({ version, commit }) => `released ${text(commit).slice(0, 7)} as v${text(version)}`,
  "release.rolled_back": ({ to, version }) => `rolled back to v${text(to)}, as v${text(version)}`,
  "rollout.cancelled": ({ version }) => `cancelled the rollout of v${text(version)}`,
  "config.changed": configChanged,
  "config.applied": ({ version }) => `applied the held config of v${text(version)}`,
  "config.read": () => "read all values of the config",
  "config.revealed": ({ key }) => `looked at the value of ${text(key)}`,
  "config.copied": ({ to }) => `copied the config to ${text(to)}`,
  "one_off.started": ({ oneOff, kind, version }) =>
    `ran ${kind === "migration" ? "the migrations of" : "a command in"} v${text(version)} as ${text(oneOff)}`,
  "one_off.cancelled": ({ oneOff }) => `cancelled ${text(oneOff)}`,
  "replica.restarted": ({ replica }) => `restarted replica ${text(replica)}`,
  "replica.killed": ({ replica }) => `ended replica ${text(replica)}`,
}

/** An entry of the audit log as the rest of a sentence that begins with who did it. Pure. */
export function activityInWords(action: string, data: Data): string {
  return words[action]?.(data) ?? action.replace(/[._]/g, " ")
}

function scaled(from: Data, to: Data): string {
  const parts = [
    from.replicas === to.replicas ? "" : `from ${text(from.replicas)} to ${text(to.replicas)} replicas`,
    from.size === to.size ? "" : `from size ${text(from.size)} to ${text(to.size)}`,
  ]
  return `scaled ${parts.filter(Boolean).join(" and ")}`
}

const partWords: Record<string, string> = { check: "the health check", rollout: "the rollout", releaseCommand: "the release command" }

function changedParts(from: Data, to: Data): string {
  const changed = Object.keys(partWords).filter((part) => JSON.stringify(from[part]) !== JSON.stringify(to[part]))
  return changed.map((part) => partWords[part]).join(" and ") || "the settings"
}

function configChanged({ added, changed, removed, version }: Data): string {
  const set = [...keysOf(added), ...keysOf(changed)]
  const parts = [set.length > 0 ? `set ${listed(set)}` : "", keysOf(removed).length > 0 ? `removed ${listed(keysOf(removed))}` : ""]
  return `${parts.filter(Boolean).join(" and ")} in the config (v${text(version)})`
}

function listed(keys: string[]): string {
  return keys.length <= 2 ? keys.join(" and ") : `${keys.slice(0, 2).join(", ")} and ${keys.length - 2} more`
}

/** Where a change came from, when it was not here. */
export const viaWords: Record<string, string> = { api: "by the API", git: "by git", cli: "by the CLI" }
