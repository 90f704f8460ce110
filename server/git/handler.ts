import type { IncomingMessage, ServerResponse } from "node:http"
import { type App, appFor } from "@/server/access"
import { authenticateBasic } from "@/server/accounts"
import { type Actor, type Ctx, makeCtx, type Parts } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { statusOf } from "@/server/kernel/refusal"
import { failureOf } from "@/server/next/failure"
import { advertise, type GitPaths, receivePack, uploadPack } from "./packs"
import { ensureRepository } from "./repository"
import { type GitRoute, gitRoute } from "./route"

export interface GitParts extends Parts {
  paths: GitPaths
}

type KnownRoute = Exclude<GitRoute, { kind: "unknown" }>

/**
 * Git over smart HTTP: clone and fetch for everybody who sees the app, push for those who may deploy it. Basic auth with e-mail (raw or
 * percent-encoded) and API key (gigalixir.md A.1).
 * @returns takes a request and answers whether its path was git's.
 */
export function gitHandler(parts: GitParts): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const route = gitRoute(request.method ?? "GET", request.url ?? "/", header(request, "git-protocol"))
    if (!route) return false
    handle(parts, route, request, response).catch((error: unknown) => refuse(parts, error, request, response))
    return true
  }
}

async function handle(parts: GitParts, route: GitRoute, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (route.kind === "unknown") throw new AppError("not_found", "This is the address of a git repository: git clone it, or push to it.")
  if (route.kind === "serve" && header(request, "content-type") !== `application/x-git-${route.service}-request`) {
    throw new AppError("invalid", "This is not what git sends.")
  }
  const ctx = await ctxOf(parts, request)
  const app = await allowedApp(ctx, route)
  const repository = await ensureRepository(parts.paths.repositories, app.id)
  if (route.kind === "advertise") return advertise(repository, route, request, response)
  if (route.service === "upload-pack") return uploadPack(repository, request, response)
  return receivePack({ parts, app, actor: ctx.actor, ip: ctx.ip, repository }, request, response)
}

async function ctxOf(parts: GitParts, request: IncomingMessage): Promise<Ctx> {
  const actor: Actor | null = await authenticateBasic(parts, header(request, "authorization"), "git")
  if (!actor) throw new AppError("unauthenticated", "Give your e-mail as the user name and an API key as the password.")
  return makeCtx(parts, { actor, ip: request.socket.remoteAddress ?? null, userAgent: header(request, "user-agent") ?? null })
}

function allowedApp(ctx: Ctx, route: KnownRoute): Promise<App> {
  return appFor(ctx, route.app, route.service === "receive-pack" ? "build:push" : "app:see")
}

/** Git shows the text of an answer that is not a success to the person who waits. */
function refuse(parts: GitParts, error: unknown, request: IncomingMessage, response: ServerResponse): void {
  const failure = failureOf(error, parts.log, `${request.method} ${request.url}`)
  if (response.headersSent) return void response.destroy()
  const [status, message] = failure.refusal ? [statusOf(failure.refusal.code), failure.refusal.message] : [500, failure.message]
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    connection: "close",
    ...(status === 401 ? { "www-authenticate": 'Basic realm="Phial"' } : {}),
  })
  response.end(`${message}\n`)
  request.resume()
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
