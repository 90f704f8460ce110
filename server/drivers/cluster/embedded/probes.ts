import { get } from "node:http"
import { connect } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import type { AppSettings } from "@/db/schema"
import { APP_PORT } from "./plan"
import type { Probe } from "./world"

type Check = AppSettings["check"]

interface Watched extends Probe {
  hasAnswered: boolean
  askedAt: number
  asking: Promise<void> | null
}

/** How long a look waits for answers; those that come later count for the next one. */
const PATIENCE_MS = 200
/** Within a look, who never answered is asked again and again: it is live the sooner. */
const AGAIN_MS = 25

/** Asks the replicas of one app whether they are well, and counts. In memory only: what is lost by a restart is asked again. */
export class Probes {
  readonly #watched = new Map<string, Watched>()

  /** Checks those that are due, and forgets all others. @returns what is known now of each. */
  async look(replicas: ReadonlyArray<{ id: string; address: string }>, check: Check, now: Date): Promise<Map<string, Probe>> {
    this.#forgetOthers(new Set(replicas.map((replica) => replica.id)))
    const watched = replicas.map((replica) => [replica, this.#of(replica.id)] as const)
    for (const [{ address }, known] of watched)
      if (!known.asking && isDue(known, check, now)) known.asking = this.#ask(known, address, check, now)
    await atMost(
      PATIENCE_MS,
      watched.map(([, known]) => known.asking),
    )
    return new Map(watched.map(([{ id }, { successes, failures, failingSince }]) => [id, { successes, failures, failingSince }]))
  }

  /** What was seen of a replica before says nothing of it now. */
  forget(id: string): void {
    this.#watched.delete(id)
  }

  #forgetOthers(ids: ReadonlySet<string>): void {
    for (const id of this.#watched.keys()) if (!ids.has(id)) this.#watched.delete(id)
  }

  #of(id: string): Watched {
    const known = this.#watched.get(id) ?? { ...UNTRIED }
    this.#watched.set(id, known)
    return known
  }

  async #ask(known: Watched, address: string, check: Check, now: Date): Promise<void> {
    known.askedAt = now.getTime()
    const isWell = await this.#isWell(known, address, check)
    known.hasAnswered ||= isWell
    known.successes = isWell ? known.successes + 1 : 0
    known.failures = isWell ? 0 : known.failures + 1
    known.failingSince = isWell ? null : (known.failingSince ?? now)
    known.asking = null
  }

  async #isWell({ hasAnswered }: Watched, address: string, check: Check): Promise<boolean> {
    const until = performance.now() + PATIENCE_MS - AGAIN_MS
    for (;;) {
      const isWell = await (check.kind === "http" ? answers(address, check) : accepts(address, check))
      if (isWell || hasAnswered || performance.now() >= until) return isWell
      await pause(AGAIN_MS)
    }
  }
}

const UNTRIED: Watched = { successes: 0, failures: 0, failingSince: null, hasAnswered: false, askedAt: 0, asking: null }

/** One that has not answered yet is asked at each look: a second's wait for the first answer would be a second's wait for a deploy. */
function isDue(known: Watched, check: Check, now: Date): boolean {
  return known.successes === 0 || now.getTime() - known.askedAt >= check.intervalSeconds * 1000
}

function accepts(host: string, { timeoutSeconds }: Check): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: APP_PORT, timeout: timeoutSeconds * 1000 })
    const end = (isWell: boolean) => {
      socket.destroy()
      resolve(isWell)
    }
    socket.on("connect", () => end(true))
    socket.on("timeout", () => end(false))
    socket.on("error", () => end(false))
  })
}

/** As a request that came over TLS would look, so that an app that forces it does not answer with a redirect only. */
const HEADERS = { "user-agent": "Phial-Health-Check", "x-forwarded-proto": "https" }

function answers(host: string, { path, expectedStatus, timeoutSeconds }: Check): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    const request = get({ host, port: APP_PORT, path, headers: HEADERS, agent: false, signal }, (response) => {
      response.destroy()
      resolve(isExpected(response.statusCode ?? 500, expectedStatus))
    })
    request.on("error", () => resolve(false))
  })
}

/** @param expected `200`, or `200-399`. */
function isExpected(status: number, expected: string): boolean {
  const [from = 0, to = from] = expected.split("-").map(Number)
  return status >= from && status <= to
}

async function atMost(ms: number, waits: ReadonlyArray<Promise<void> | null>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([Promise.all(waits), timeout])
  clearTimeout(timer)
}
