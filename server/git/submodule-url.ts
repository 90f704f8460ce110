/**
 * Where a submodule is fetched from. Pure.
 * @param parent the URL of the repository that has it, without a slash at its end.
 * @param given as in .gitmodules: absolute, or relative to the parent.
 * @returns an http or https URL, or `null` when it is none.
 */
export function submoduleUrl(parent: string, given: string): string | null {
  const isRelative = given.startsWith("./") || given.startsWith("../")
  if (!isRelative && !/^https?:\/\//i.test(given)) return null
  const base = `${parent}/`
  if (!URL.canParse(given, base)) return null
  return new URL(given, base).href.replace(/\/$/, "")
}

/** The app whose repository a URL names, when it is one of this platform's. Pure. @param gitUrl with a slash at its end. */
export function siblingNamed(gitUrl: string, url: string): string | null {
  const [ours, asked] = [new URL(gitUrl), new URL(url)]
  if (asked.host !== ours.host || !asked.pathname.startsWith(ours.pathname)) return null
  return asked.pathname.slice(ours.pathname.length).replace(/\.git$/, "")
}
