/** What is to become of each key: a new value, or `null` when it is to go. */
export type Staged = ReadonlyMap<string, string | null>

/** What applying it does, in a sentence. Pure. */
export function stagedInWords(
  count: number,
  facts: { nextVersion: number; running: number; isDeployed: boolean },
): { does: string; later: string } {
  const keys = `${count} ${count === 1 ? "key changes" : "keys change"}; creates v${facts.nextVersion}`
  const later = `${keys} without touching what runs: it holds from the next release or restart on.`
  if (!facts.isDeployed) return { does: `${keys}. Nothing runs yet.`, later }
  if (facts.running === 0) return { does: `${keys}. No replica runs.`, later }
  return {
    does: `${keys}; ${facts.running === 1 ? "replaces 1 replica" : `replaces ${facts.running} replicas one after another`}.`,
    later,
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
