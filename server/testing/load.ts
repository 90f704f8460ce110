import { connect, type Socket } from "node:net"

export interface Load {
  asked(): number
  answered(): number
  /** Ends it, after the last answer. */
  stop(): Promise<LoadReport>
}

export interface LoadReport {
  asked: number
  /** One sentence each: another status than 200, or no whole answer. */
  failures: string[]
  /** From the moment that a request was due, so that a queue of our own is not hidden. */
  p50Ms: number
  p95Ms: number
  p99Ms: number
  slowestMs: number
}

export interface LoadOptions {
  port: number
  host: string
  perSecond: number
  path?: string
  method?: string
  /** Whoever takes longer has failed. */
  timeoutSeconds?: number
  /** After which it ends by itself. */
  atMostSeconds?: number
}

const TICK_MS = 5
/** Nothing goes on for ever, whoever forgets to stop it. */
const AT_MOST_SECONDS = 300
const TIMEOUT_SECONDS = 15

/**
 * Asks at a steady rate, however slow the answers are: half on kept connections, half each on a new one. Nothing is asked twice:
 * a kept connection that ends without an answer is a failure, though a browser would forgive it. Raw sockets, since by Node's own
 * client 1,000 requests a second take half a processor.
 */
export function startLoad(options: LoadOptions): Load {
  const { port, perSecond, timeoutSeconds = TIMEOUT_SECONDS, atMostSeconds = AT_MOST_SECONDS } = options
  const idle: Line[] = []
  const open = new Set<Line>()
  const tookMs: number[] = []
  const failures: string[] = []
  const begun = performance.now()
  let asked = 0
  let isEnding = false
  let ended: () => void = () => undefined

  const timer = setInterval(() => {
    const now = performance.now()
    if (now - begun > atMostSeconds * 1000) isEnding = true
    for (const dueMs = perSecond / 1000; !isEnding && asked < (now - begun) * dueMs; asked++) send(asked % 2 === 0, begun + asked / dueMs)
    for (const line of open) if (now - line.dueAt > timeoutSeconds * 1000) line.fail(`no answer within ${timeoutSeconds} seconds`)
    if (isEnding && open.size === 0) ended()
  }, TICK_MS)

  function send(isKept: boolean, dueAt: number): void {
    const line = (isKept && idle.pop()) || new Line(port, isKept, { over, gone })
    open.add(line)
    line.ask(requestText(options, isKept), dueAt)
  }

  function over(line: Line, failure: string | null): void {
    open.delete(line)
    tookMs.push(performance.now() - line.dueAt)
    if (failure) failures.push(`${line.isKept ? `kept, request ${line.requests}` : "new"}: ${failure} at ${new Date().toISOString()}`)
    else if (line.isKept && !line.isGone) idle.push(line)
  }

  /** The other side may end a connection that rests: that is no failure. */
  function gone(line: Line): void {
    const place = idle.indexOf(line)
    if (place >= 0) idle.splice(place, 1)
  }

  return {
    asked: () => asked,
    answered: () => tookMs.length - failures.length,
    async stop() {
      isEnding = true
      await new Promise<void>((resolve) => {
        ended = resolve
      })
      clearInterval(timer)
      for (const line of [...idle]) line.end()
      return { asked, failures, ...quantiles(tookMs) }
    },
  }
}

function requestText({ method = "GET", path = "/", host }: LoadOptions, isKept: boolean): string {
  const connection = isKept ? "keep-alive" : "close"
  return `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: ${connection}\r\nContent-Length: 0\r\n\r\n`
}

interface LineEvents {
  over(line: Line, failure: string | null): void
  gone(line: Line): void
}

/** One connection, with one request at a time on it. Answers must say their length, or end with the connection. */
class Line {
  requests = 0
  dueAt = 0
  isGone = false
  readonly isKept: boolean
  readonly #socket: Socket
  readonly #events: LineEvents
  #answer: Buffer | null = null

  constructor(port: number, isKept: boolean, events: LineEvents) {
    this.isKept = isKept
    this.#events = events
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true })
    this.#socket.on("data", (chunk) => this.#take(chunk))
    this.#socket.on("error", (error) => this.fail(error.message))
    this.#socket.on("end", () => this.#end())
  }

  ask(request: string, dueAt: number): void {
    this.requests++
    this.dueAt = dueAt
    this.#answer = Buffer.alloc(0)
    this.#socket.write(request)
  }

  fail(reason: string): void {
    this.end()
    this.#finish(reason)
  }

  end(): void {
    this.isGone = true
    this.#socket.destroy()
    this.#events.gone(this)
  }

  #take(chunk: Buffer): void {
    if (!this.#answer) {
      this.end()
      return
    }
    this.#answer = this.#answer.length === 0 ? chunk : Buffer.concat([this.#answer, chunk])
    const head = this.#answer.indexOf("\r\n\r\n")
    if (head < 0) return
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#answer.toString("latin1", 0, head))?.[1]
    if (length !== undefined && this.#answer.length >= head + 4 + Number(length)) this.#answered(head)
  }

  #answered(head: number): void {
    const text = this.#answer?.toString("latin1", 0, head) ?? ""
    if (!this.isKept || /\r\nconnection: *close/i.test(text)) this.end()
    this.#finish(text.startsWith("HTTP/1.1 200 ") ? null : text.split("\r\n").filter(isTelling).join(", "))
  }

  #end(): void {
    const had = this.#answer?.length ?? 0
    this.fail(had > 0 ? `the connection ended within an answer of ${had} bytes` : "the connection ended without an answer")
  }

  /** At most once a request. */
  #finish(failure: string | null): void {
    if (this.#answer === null) return
    this.#answer = null
    this.#events.over(this, failure)
  }
}

/** The status, and which of the platform's pages it is. */
const isTelling = (line: string, index: number) => index === 0 || line.toLowerCase().startsWith("x-phial-page")

function quantiles(tookMs: readonly number[]): Omit<LoadReport, "asked" | "failures"> {
  const sorted = Float64Array.from(tookMs).sort()
  const at = (share: number) => Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 10) / 10
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), slowestMs: at(1) }
}
