import "server-only"
import { authenticateBasic, sessionFromCookies } from "@/server/accounts"
import { type Actor, type Ctx, makeCtx } from "@/server/kernel/context"
import { AppError, type FieldErrors } from "@/server/kernel/errors"
import { statusOf } from "@/server/kernel/refusal"
import { clientOf } from "./client"
import { failureOf } from "./failure"
import { isSameOrigin } from "./origin"
import { type ServerParts, serverParts } from "./parts"

type Params = Record<string, string | string[]>

export interface RestInput<P extends Params> {
  /** Of the path, decoded. */
  params: P
  query: URLSearchParams
  /** The JSON object of the body, also of a DELETE; empty when there is none. Not checked: the verb does. */
  body: Record<string, unknown>
  request: Request
}

export interface RestOptions {
  /** The status of success. */
  ok?: number
  /** `required`: strangers get 401. `optional`: the handler sees an anonymous actor. `none`: credentials are not looked at. */
  auth?: "required" | "optional" | "none"
}

type RouteHandler<P extends Params> = (request: Request, segment: { params: Promise<P> }) => Promise<Response>

/** A configuration's import is the largest thing that anybody sends. */
const LARGEST_BODY_BYTES = 4_000_000
const READS = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Makes a route of the API (gigalixir.md A.0): Basic auth with raw or percent-encoded e-mail and API key (or app and `APP_KEY`), or
 * the dashboard's session with an origin check; answers `{"data": …}`, or `{"errors": {field: [message]}}` with the refusal's status.
 * @param handler answers what `data` holds, or a whole `Response` (a stream, another status), which is passed on as it is.
 */
export function rest<P extends Params = Record<string, never>>(
  handler: (ctx: Ctx, input: RestInput<P>) => Promise<unknown>,
  options: RestOptions = {},
): RouteHandler<P> {
  return async (request, segment) => {
    const parts = serverParts()
    try {
      const ctx = await restCtx(parts, request, options.auth ?? "required")
      const input = {
        params: await segment.params,
        query: new URL(request.url).searchParams,
        body: await bodyOf(request),
        request,
      }
      const answer = await handler(ctx, input)
      return answer instanceof Response ? answer : json({ data: answer ?? null }, options.ok ?? 200)
    } catch (thrown) {
      return refused(thrown, request, parts)
    }
  }
}

async function restCtx(parts: ServerParts, request: Request, auth: "required" | "optional" | "none"): Promise<Ctx> {
  const actor = auth === "none" ? null : await actorOf(parts, request)
  if (!actor && auth === "required") throw new AppError("unauthenticated", "Give your e-mail and an API key, or sign in.")
  return makeCtx(parts, { actor: actor ?? { kind: "anonymous", via: "api" }, ...clientOf(request.headers) })
}

async function actorOf(parts: ServerParts, request: Request): Promise<Actor | null> {
  const authorization = request.headers.get("authorization")
  if (authorization) return authenticateBasic(parts, authorization)
  const person = await sessionFromCookies(parts, request.headers.get("cookie"))
  if (person && !READS.has(request.method) && !isSameOrigin(request.headers)) {
    throw new AppError("forbidden", "This change did not come from this dashboard.")
  }
  return person
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  if (READS.has(request.method)) return {}
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_BODY_BYTES) throw tooLarge()
  const text = await request.text()
  if (text.length > LARGEST_BODY_BYTES) throw tooLarge()
  if (text.trim() === "") return {}
  const body = parsedJson(text)
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new AppError("invalid", "The body must be a JSON object.")
  return body as Record<string, unknown>
}

const tooLarge = () => new AppError("invalid", "The body is too large: 4 MB at most.")

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError("invalid", "The body is not valid JSON.", { cause })
  }
}

function refused(thrown: unknown, request: Request, parts: ServerParts): Response {
  const failure = failureOf(thrown, parts.log, `${request.method} ${new URL(request.url).pathname}`)
  if (!failure.refusal) return json({ errors: { "": [failure.message] } }, 500)
  const { code, fields, retryAfterSeconds } = failure.refusal
  return json({ errors: inSnakeCase(fields) }, statusOf(code), {
    ...(retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) }),
    ...(code === "unauthenticated" && !isBrowser(request) ? { "www-authenticate": 'Basic realm="Phial"' } : {}),
  })
}

/** The API's words: a verb's `newPassword` is `new_password` there. A config's `DATABASE_URL` is no word of ours and stays. */
function inSnakeCase(fields: FieldErrors): FieldErrors {
  const renamed = (name: string) => (/^[a-z]/.test(name) ? name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) : name)
  return Object.fromEntries(Object.entries(fields).map(([name, messages]) => [renamed(name), messages]))
}

/** A browser would answer `WWW-Authenticate` with a password dialogue of its own over the page. */
function isBrowser(request: Request): boolean {
  return request.headers.has("sec-fetch-site")
}

function json(body: unknown, status: number, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } })
}
