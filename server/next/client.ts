/** The header in which the web process tells Next who connected; it overwrites whatever a client sent under this name. */
export const CLIENT_ADDRESS_HEADER = "x-phial-client-address"

export interface Client {
  ip: string | null
  userAgent: string | null
}

const LONGEST_USER_AGENT = 300

/** Where a request came from. */
export function clientOf(headers: Headers): Client {
  return { ip: headers.get(CLIENT_ADDRESS_HEADER), userAgent: headers.get("user-agent")?.slice(0, LONGEST_USER_AGENT) ?? null }
}
