import { lchown, rm } from "node:fs/promises"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { ZodError, type z } from "zod"
import { AppError } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import type { Log } from "@/server/kernel/log"
import { type CallName, calls, type Refusal as RefusalShape } from "./calls"
import { ownerOf } from "./machine"
import type { Runner } from "./protocol"

const MOST_BYTES = 4_000_000

/** Answers on the instance's socket: only root and Phial's own user can connect. Close it to leave; containers stay. */
export async function serveRunner(home: Home, runner: Runner, log: Log): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(runner, request)
      .finally(() => hangUpWhenClosed(server, response))
      .then(
        (value) => send(response, 200, value),
        (error: unknown) => refuse(response, error, log.with({ call: request.url })),
      )
  })
  const owner = await ownerOf(home)
  await rm(home.run.runnerSocket, { force: true })
  await listen(server, home.run.runnerSocket, owner.uid === 0 ? 0o177 : 0o117)
  await lchown(home.run.runnerSocket, 0, owner.gid)
  return server
}

/** Born with its mode: the folder is not root's, so by its path something else might be meant a moment later. */
async function listen(server: Server, socket: string, mask: number): Promise<void> {
  const before = process.umask(mask)
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve))
  } finally {
    process.umask(before)
  }
}

async function answer(runner: Runner, request: IncomingMessage): Promise<unknown> {
  const name = request.url?.slice(1) ?? ""
  if (request.method !== "POST" || !isCall(name)) throw new AppError("not_found", "There is no such call.")
  return calls[name].run(runner, JSON.parse(await bodyOf(request)))
}

const isCall = (name: string): name is CallName => Object.hasOwn(calls, name)

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MOST_BYTES) throw new AppError("invalid", "That is too much.")
  }
  return Buffer.concat(chunks).toString()
}

function refuse(response: ServerResponse, error: unknown, log: Log): void {
  const refusal = refusalOf(error)
  if (refusal.code === "unavailable") log.error("could not", { error })
  send(response, STATUS[refusal.code], refusal)
}

type Refusal = z.infer<typeof RefusalShape>
const STATUS: Record<Refusal["code"], number> = { invalid: 422, not_found: 404, conflict: 409, unavailable: 503 }

function refusalOf(error: unknown): Refusal {
  if (error instanceof ZodError || error instanceof SyntaxError) return { code: "invalid", message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof AppError)) return { code: "unavailable", message }
  const known = Object.hasOwn(STATUS, error.code)
  return { code: known ? (error.code as Refusal["code"]) : "unavailable", message }
}

/** Whoever follows the ends of containers would ask again on the same connection, and a server that was closed would never end. */
function hangUpWhenClosed(server: Server, response: ServerResponse): void {
  if (!server.listening) response.setHeader("connection", "close")
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value ?? null))
}
