import "server-only"
import { cookies } from "next/headers"
import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from "@/server/accounts"
import { serverParts } from "./parts"

/** As long as browsers keep one; the session's own row says when it ends. */
export const COOKIE_SECONDS = 400 * 86_400

/** The cookie for how this dashboard is opened: `__Secure-` only works over https. */
export function sessionCookie() {
  const secure = serverParts().env.url.startsWith("https:")
  return {
    name: secure ? SECURE_SESSION_COOKIE : SESSION_COOKIE,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure } as const,
  }
}

/** In an action: the browser is signed in from its answer on. */
export async function keepSession(token: string): Promise<void> {
  const { name, options } = sessionCookie()
  ;(await cookies()).set(name, token, { ...options, maxAge: COOKIE_SECONDS })
}

/** In an action: the browser forgets its session. */
export async function forgetSession(): Promise<void> {
  const { name, options } = sessionCookie()
  ;(await cookies()).set(name, "", { ...options, maxAge: 0 })
}
