import http, { type IncomingMessage } from "node:http"
import { createInterface } from "node:readline"
import { setTimeout as pause } from "node:timers/promises"
import type { Push, Told } from "../push"

export interface Verdict {
  ok: boolean
  /** A sentence, where it was not said yet. */
  reason: string
}

/** The web process may be restarted while a push waits; the build goes on meanwhile. */
const LONGEST_ABSENCE_MS = 10 * 60_000
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 2_000
/** An empty line comes every few seconds: without any, nobody is there. */
const LONGEST_SILENCE_MS = 30_000

/** Asks the web process and gets one answer. @throws when it is away for too long. */
export async function ask<T>(push: Push, path: string, body: object): Promise<T> {
  return patiently(async () => {
    const response = await post(push, path, { ...body, push })
    let text = ""
    for await (const chunk of response.setEncoding("utf8")) text += chunk
    return JSON.parse(text) as T
  })
}

/**
 * Follows what the web process tells until it says how it ended, across restarts of it.
 * @param bodyOf asked anew at each connection: it says where to go on from.
 */
export async function follow(
  push: Push,
  path: string,
  bodyOf: () => object,
  onTold: (told: Exclude<Told, { end: Verdict }>) => void,
): Promise<Verdict> {
  return patiently(async (reached) => {
    const response = await post(push, path, { ...bodyOf(), push })
    for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      reached()
      if (line === "") continue
      const told = JSON.parse(line) as Told
      if ("end" in told) return told.end
      onTold(told)
    }
    throw new Error("the web process left before the end")
  })
}

async function patiently<T>(attempt: (reached: () => void) => Promise<T>): Promise<T> {
  let lastReached = Date.now()
  let retryMs = FIRST_RETRY_MS
  for (;;) {
    try {
      return await attempt(() => {
        lastReached = Date.now()
        retryMs = FIRST_RETRY_MS
      })
    } catch (cause) {
      if (Date.now() - lastReached > LONGEST_ABSENCE_MS) throw new Error("Phial does not answer.", { cause })
      await pause(retryMs)
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
    }
  }
}

function post(push: Push, path: string, body: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" }
    const request = http.request({ socketPath: push.hookSocket, path, method: "POST", headers, timeout: LONGEST_SILENCE_MS })
    request.on("timeout", () => request.destroy(new Error("the web process is silent")))
    request.on("error", reject)
    request.on("response", (response) => {
      if (response.statusCode === 200) return resolve(response)
      response.resume()
      reject(new Error(`the web process answered ${response.statusCode}`))
    })
    request.end(JSON.stringify(body))
  })
}
