import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import type { App } from "@/server/access"
import type { Actor, Parts } from "@/server/kernel/context"
import { AppError } from "@/server/kernel/errors"
import { gitEnv } from "./command"
import { FLUSH, packet } from "./packet"
import type { Push } from "./push"
import type { Service } from "./route"
import { openSpool, type Spool } from "./spool"

/** Where the git server finds and puts things. */
export interface GitPaths {
  repositories: string
  sources: string
  /** For files that live as long as a push. */
  spools: string
  /** The folder of the three hooks. */
  hooks: string
  /** The bundled program behind them. */
  hookProgram: string
  hookSocket: string
  /** What the URLs of our repositories begin with, with a slash at its end. */
  gitUrl: string
}

/** 1 GiB: larger pushes are refused by git while they come in. */
const LARGEST_PUSH_BYTES = 1_073_741_824

/** The first request of a clone, fetch or push: which refs there are. */
export async function advertise(
  repository: string,
  route: { service: Service; isVersion2: boolean },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const child = spawn("git", [...SETTINGS, route.service, "--stateless-rpc", "--advertise-refs", repository], {
    env: envOf(request),
    stdio: ["ignore", "pipe", "ignore"],
  })
  endWith(response, child)
  response.writeHead(200, headersOf(`application/x-git-${route.service}-advertisement`))
  // Version 2 does without the line that names the service (gitprotocol-http).
  if (!route.isVersion2) response.write(packet(`# service=git-${route.service}\n`) + FLUSH)
  await pipeline(child.stdout, response)
}

/** What a clone or fetch takes. Ends with the client. */
export async function uploadPack(repository: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const child = spawn("git", [...SETTINGS, "upload-pack", "--stateless-rpc", repository], {
    env: envOf(request),
    stdio: ["pipe", "pipe", "ignore"],
  })
  endWith(response, child)
  response.writeHead(200, headersOf("application/x-git-upload-pack-result"))
  const sent = pipeline(bodyOf(request), child.stdin).catch(() => undefined)
  await pipeline(child.stdout, response).catch(() => response.destroy())
  await sent
}

export interface PushOrder {
  parts: Parts & { paths: GitPaths }
  app: App
  actor: Actor
  ip: string | null
  repository: string
}

/**
 * Takes a push. Once all of it has come in, receive-pack and its hooks no longer need the pusher or us: they end by themselves, moved
 * ref and release included (docs/decisions/030-a-push-outlives-its-pusher.md).
 */
export async function receivePack(order: PushOrder, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const push = pushOf(order, request)
  const { spools } = order.parts.paths
  const [out, err] = await Promise.all([openSpool(spools, `${push.id}.out`), openSpool(spools, `${push.id}.err`)])
  try {
    const child = startReceivePack(order, push, request, [out.fd, err.fd])
    const ended = exitOf(child, out)
    if (child.stdin) void pipeline(bodyOf(request), child.stdin).catch(() => request.resume())
    response.writeHead(200, headersOf("application/x-git-receive-pack-result"))
    response.on("close", () => out.nudge())
    await out.follow(
      () => ended.code !== undefined,
      (chunk) => writeTo(response, chunk),
    )
    response.end()
    if (ended.code) order.parts.log.warn("receive-pack failed", { app: order.app.name, code: ended.code, said: await err.text() })
  } finally {
    await Promise.all([out.close(), err.close()])
  }
}

function pushOf({ parts, app, actor, ip }: PushOrder, request: IncomingMessage): Push {
  if (actor.kind !== "api_key") throw new AppError("forbidden", "Push with an API key.")
  const { hookSocket, sources, gitUrl } = parts.paths
  return {
    id: randomUUID(),
    app: { id: app.id, name: app.name },
    actor: { kind: actor.kind, userId: actor.userId, email: actor.email, keyId: actor.keyId },
    ip,
    cleanCache: isTrue(request, "gigalixir-clean"),
    hotUpgrade: isTrue(request, "gigalixir-hot"),
    leavesAtOnce: isTrue(request, "phial-no-wait"),
    hookSocket,
    sources,
    gitUrl,
  }
}

/** In a session of its own: what ends us must not end a push half way. */
function startReceivePack(order: PushOrder, push: Push, request: IncomingMessage, [out, err]: [number, number]): ChildProcess {
  const { hooks, hookProgram } = order.parts.paths
  const own = [
    `core.hooksPath=${hooks}`,
    // Our hook moves branches, after the build: another push may have moved them meanwhile.
    "receive.procReceiveRefs=refs/heads",
    `receive.maxInputSize=${LARGEST_PUSH_BYTES}`,
  ]
  const env = {
    ...envOf(request),
    PHIAL_NODE: process.execPath,
    PHIAL_HOOK: hookProgram,
    PHIAL_PUSH: JSON.stringify(push),
  }
  const args = [...SETTINGS, ...own.flatMap((setting) => ["-c", setting]), "receive-pack", "--stateless-rpc", order.repository]
  return spawn("git", args, { env, detached: true, stdio: ["pipe", out, err] })
}

function exitOf(child: ChildProcess, out: Spool): { code: number | undefined } {
  const ended: { code: number | undefined } = { code: undefined }
  const over = (code: number) => {
    ended.code ??= code
    out.nudge()
  }
  child.on("error", () => over(127))
  child.on("exit", (code) => over(code ?? 128))
  return ended
}

/** Waits while the client is slower than we. @returns whether it is still there. */
async function writeTo(response: ServerResponse, chunk: Buffer): Promise<boolean> {
  if (response.destroyed || response.closed) return false
  if (!response.write(chunk)) await Promise.race([once(response, "drain"), once(response, "close")]).catch(() => undefined)
  return !response.destroyed
}

/** Clients send small bodies gzipped. */
function bodyOf(request: IncomingMessage): Readable {
  return request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request
}

function endWith(response: ServerResponse, child: ChildProcess): void {
  response.on("close", () => child.kill())
  child.on("error", () => response.destroy())
}

function envOf(request: IncomingMessage): NodeJS.ProcessEnv {
  const protocol = request.headers["git-protocol"]
  return typeof protocol === "string" && /^[a-z0-9=:.-]{1,100}$/i.test(protocol) ? { ...gitEnv, GIT_PROTOCOL: protocol } : { ...gitEnv }
}

/** Repositories are ours, whoever runs this now. */
const SETTINGS = ["-c", "safe.directory=*"]

function headersOf(type: string): Record<string, string> {
  return { "content-type": type, "cache-control": "no-cache, max-age=0, must-revalidate", "x-accel-buffering": "no" }
}

function isTrue(request: IncomingMessage, name: string): boolean {
  const value = request.headers[name]
  return typeof value === "string" && /^(true|1|yes)$/i.test(value.trim())
}
