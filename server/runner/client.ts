import { Agent, request } from "node:http"
import type { z } from "zod"
import { AppError } from "@/server/kernel/errors"
import type { Home } from "@/server/kernel/home"
import { type CallName, calls, Refusal } from "./calls"
import type { Runner } from "./protocol"

/** A build volume's first mkfs and a busy machine are slow; little here takes longer. */
const TIMEOUT_MS = 60_000
/** What a replica does to itself has a limit of its own. */
const UPGRADE_TIMEOUT_MS = 80_000

/** The runner of this instance, by its socket. Every call throws AppError `unavailable` when it cannot be reached. */
export function runnerClient(home: Pick<Home, "run">): Runner {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, scheduling: "fifo" })
  const ask = async <N extends CallName>(
    name: N,
    body: z.input<(typeof calls)[N]["input"]>,
  ): Promise<z.output<(typeof calls)[N]["output"]>> => {
    const { status, text } = await post(home.run.runnerSocket, agent, name, JSON.stringify(body))
    if (status !== 200) throw refused(text)
    return calls[name].output.parse(JSON.parse(text)) as z.output<(typeof calls)[N]["output"]>
  }
  return {
    create: (order) => ask("create", order),
    list: (filter = {}) => ask("list", filter),
    stop: async (id, graceSeconds) => void (await ask("stop", { id, graceSeconds })),
    remove: async (id) => void (await ask("remove", { id })),
    usage: (id) => ask("usage", { id }),
    upgrade: (id, release) => ask("upgrade", { id, release }),
    collect: (id) => ask("collect", { id }),
    forgetApp: async (app) => void (await ask("forgetApp", { app })),
    ended: (after) => ask("ended", { after }),
    health: () => ask("health", {}),
  }
}

function refused(text: string): AppError {
  const { code, message } = Refusal.parse(JSON.parse(text))
  return new AppError(code, message)
}

function post(socketPath: string, agent: Agent, name: CallName, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new AppError("unavailable", "The runner cannot be reached.", { cause }))
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) }
    const call = request(
      { socketPath, agent, path: `/${name}`, method: "POST", headers, timeout: name === "upgrade" ? UPGRADE_TIMEOUT_MS : TIMEOUT_MS },
      (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("error", fail)
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      },
    )
    call.on("timeout", () => call.destroy(new Error("no answer in time")))
    call.on("error", fail)
    call.end(body)
  })
}
