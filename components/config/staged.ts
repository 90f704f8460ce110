/** What is to become of each key: a new value, or `null` when it is to go. */
export type Staged = ReadonlyMap<string, string | null>

/** What applying it does, now or held until the next deploy, in a sentence each. Pure. */
export function stagedInWords(
  count: number,
  facts: { nextVersion: number; running: number; isDeployed: boolean },
): { now: string; held: string } {
  const keys = `${count} ${count === 1 ? "key changes" : "keys change"}; creates v${facts.nextVersion}`
  const held = `${keys}, held until the next deploy or restart: what runs stays as it is.`
  if (!facts.isDeployed) return { now: `${keys}. Nothing runs yet.`, held }
  if (facts.running === 0) return { now: `${keys}. No replica runs.`, held }
  return {
    now: `${keys}; ${facts.running === 1 ? "replaces 1 replica" : `replaces ${facts.running} replicas one after another`}.`,
    held,
  }
}

/** Parts of a change set as the verb takes them. Pure. */
export function asInput(staged: Staged): { set: Record<string, string>; unset: string[] } {
  const set: Record<string, string> = Object.create(null)
  const unset: string[] = []
  for (const [key, value] of staged) {
    if (value === null) unset.push(key)
    else set[key] = value
  }
  return { set: { ...set }, unset }
}
