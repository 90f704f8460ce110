/** One ref that a push wants to change, as git tells its hooks. */
export interface RefUpdate {
  before: string
  after: string
  ref: string
}

export interface PushPlan {
  /** What is built, and the branches that get it when it succeeds; `null` when nothing of this push is built. */
  build: { commit: string; branch: "main" | "master"; refs: string[] } | null
  /** Refs that are not taken, each with a sentence for the pusher. */
  refused: Map<string, string>
}

const BUILT = ["main", "master"] as const
const BRANCH = "refs/heads/"

/** Decides what a push means (gigalixir.md C.2: only main or master is built). Pure; every hook of one push comes to the same plan. */
export function planOf(updates: readonly RefUpdate[]): PushPlan {
  const refused = new Map<string, string>()
  const wanted = updates.filter((update) => {
    const why = whyNot(update)
    if (why) refused.set(update.ref, why)
    return !why && update.ref.startsWith(BRANCH)
  })
  const [first] = wanted
  if (!first) return { build: null, refused }
  if (wanted.some((update) => update.after !== first.after)) {
    for (const { ref } of wanted) refused.set(ref, "main and master were pushed with different commits: push one of them.")
    return { build: null, refused }
  }
  const branch = first.ref === `${BRANCH}master` ? "master" : "main"
  return { build: { commit: first.after, branch, refs: wanted.map((update) => update.ref) }, refused }
}

/** Tags are kept without a build. */
function whyNot({ ref, after }: RefUpdate): string | null {
  if (ref.startsWith("refs/tags/")) return null
  const branch = ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : null
  if (branch === null) return `${ref} is not kept here: push to main or master.`
  if (!BUILT.some((name) => name === branch)) return `only main or master is built: git push <remote> ${branch}:main`
  return isZero(after) ? `${branch} cannot be deleted: it is what runs.` : null
}

/** What git gives for "no such object": a ref that is made or deleted. */
export function isZero(oid: string): boolean {
  return /^0+$/.test(oid)
}

/** Reads the lines `<before> <after> <ref>` of a hook's input. */
export function updatesFrom(text: string): RefUpdate[] {
  return text
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([before, after, ref]) => (before && after && ref ? [{ before, after, ref }] : []))
}
