/**
 * Whether a change that a browser asks for comes from our own pages: its `Origin` names the host that it was sent to.
 * Browsers send `Origin` with every POST, PUT, PATCH and DELETE and let no page set it.
 */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get("origin")
  const host = headers.get("x-forwarded-host") ?? headers.get("host")
  if (!origin || !host || !URL.canParse(origin)) return false
  return new URL(origin).host === host
}
