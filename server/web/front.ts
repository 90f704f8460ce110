import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { Health } from "./health"

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void | Promise<void>

export interface FrontParts {
  /** @returns whether the path was git's. */
  git: (request: IncomingMessage, response: ServerResponse) => boolean
  health: () => Promise<Health>
  next: Handler
  /** In which Next learns who connected; never taken from a client. */
  clientAddressHeader: string
}

/** What comes in on the port: git, the health check, and Next for all else. */
export function frontHandler({ git, health, next, clientAddressHeader }: FrontParts): Handler {
  return async (request, response) => {
    request.headers[clientAddressHeader] = request.socket.remoteAddress ?? ""
    if (git(request, response)) return
    if (pathOf(request) === "/healthz") return sendJson(response, await health())
    await next(request, response)
  }
}

/** What a run container may ask for (gigalixir.md A.6); nothing else is served on its socket. */
const REPLICA_PATHS: readonly RegExp[] = [
  /^\/api\/apps\/[a-z0-9-]+\/(releases\/current|ssh_keys|releases\/migrate-command)$/,
  /^\/api\/apps\/[a-z0-9-]+\/host_indexes\/[A-Za-z0-9-]+\/assign$/,
  /^\/api\/slugs\/[0-9a-f]{64}$/,
]

/** What comes in on the socket that replicas see. */
export function replicaHandler(next: Handler, clientAddressHeader: string): Handler {
  return async (request, response) => {
    const path = pathOf(request)
    if (request.method !== "GET" || !REPLICA_PATHS.some((allowed) => allowed.test(path))) {
      return sendText(response, 404, "Not found.\n")
    }
    delete request.headers[clientAddressHeader]
    await next(request, response)
  }
}

/** Our own upgrades live under `/ws/`. Next leaves unknown ones hanging, so they are refused here. */
export function upgradeHandler(ours: ReadonlyMap<string, UpgradeHandler>, next: UpgradeHandler | null): UpgradeHandler {
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy())
    const path = pathOf(request)
    const handler = ours.get(path) ?? (path.startsWith("/_next/") ? next : null)
    if (handler) return handler(request, socket, head)
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", () => socket.destroy())
  }
}

/** Keeps a handler's error from ending the process. */
export function guarded(handler: Handler, onError: (error: unknown) => void): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    Promise.resolve()
      .then(() => handler(request, response))
      .catch((error: unknown) => {
        onError(error)
        if (response.headersSent) response.destroy()
        else sendText(response, 500, "Something went wrong on our side.\n")
      })
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/"
}

function sendJson(response: ServerResponse, health: Health): void {
  response.writeHead(health.isUp ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" })
  response.end(`${JSON.stringify(health)}\n`)
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
  response.end(text)
}
