import "server-only"
import { cookies, headers } from "next/headers"
import { redirect } from "next/navigation"
import { cache } from "react"
import { type Person, sessionFromCookies } from "@/server/accounts"
import { type Ctx, makeCtx } from "@/server/kernel/context"
import { clientOf } from "./client"
import { serverParts } from "./parts"

/** Who asks for this page or action: the person of the session cookie, or anonymous. Looked up once a page. */
export const pageCtx: () => Promise<Ctx> = cache(async () => {
  // First: it tells `next build`, which has no instance to serve, that this page waits for a request.
  const head = await headers()
  const parts = serverParts()
  // Unlike the header, these know what an action has just set: the page that comes with its answer is the new session's.
  const jar = (await cookies()).toString()
  const actor = (await sessionFromCookies(parts, jar)) ?? { kind: "anonymous" as const, via: "dashboard" as const }
  return makeCtx(parts, { actor, ...clientOf(head) })
})

/** As `pageCtx`, for pages of people with an account; others are sent to sign in. */
export async function requirePerson(): Promise<Ctx & { actor: Person }> {
  const ctx = await pageCtx()
  if (ctx.actor.kind !== "person") redirect("/sign-in")
  return { ...ctx, actor: ctx.actor }
}
