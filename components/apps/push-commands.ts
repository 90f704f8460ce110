/** Stands where the key goes until there is one. */
const KEY_PLACE = "YOUR_API_KEY"

/**
 * The two lines that push a project: e-mail and key are percent-encoded, since an `@` in a URL's user name ends it.
 * @param at.apiKey `null` leaves a place for it.
 */
export function pushCommands(at: { gitRemote: string; email: string; apiKey: string | null }): [remote: string, push: string] {
  const url = new URL(at.gitRemote)
  const who = `${encodeURIComponent(at.email)}:${at.apiKey === null ? KEY_PLACE : encodeURIComponent(at.apiKey)}`
  return [`git remote add phial ${url.protocol}//${who}@${url.host}${url.pathname}`, "git push phial main"]
}
