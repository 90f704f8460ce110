import { Agent, request } from "node:http"

export interface Load {
  /** How many were asked so far. */
  asked(): number
  /** Ends it. @returns what was asked, what failed (a status other than 200, or no answer), and how long answers took. */
  stop(): Promise<{ asked: number; failures: string[]; slowestMs: number; p50: number; p95: number; p99: number }>
}

/**
 * Asks an app a steady number of times a second, half on kept connections, half on new ones.
 * @param atMostSeconds after which it ends by itself.
 */
export function startLoad(appsPort: number, app: string, perSecond: number, path = "/healthz", atMostSeconds = 300): Load {
  const kept = new Agent({ keepAlive: true, maxSockets: 20 })
  const failures: string[] = []
  const open = new Set<Promise<void>>()
  const tookMs: number[] = []
  let asked = 0

  function one(): void {
    const begun = performance.now()
    const agent = asked++ % 2 === 0 ? kept : false
    const asking = ask(appsPort, app, path, agent)
      .then((status) => {
        if (status !== 200) failures.push(`${status} at ${new Date().toISOString()}`)
      })
      .catch((error: Error) => void failures.push(`${error.message} at ${new Date().toISOString()}`))
      .finally(() => {
        tookMs.push(performance.now() - begun)
        open.delete(asking)
      })
    open.add(asking)
  }

  const timer = setInterval(one, 1000 / perSecond)
  const limit = setTimeout(() => clearInterval(timer), atMostSeconds * 1000)
  return {
    asked: () => asked,
    async stop() {
      clearInterval(timer)
      clearTimeout(limit)
      await Promise.all(open)
      kept.destroy()
      tookMs.sort((a, b) => a - b)
      const at = (share: number) => Math.round((tookMs[Math.ceil(tookMs.length * share) - 1] ?? 0) * 10) / 10
      return { asked, failures, slowestMs: Math.round(at(1)), p50: at(0.5), p95: at(0.95), p99: at(0.99) }
    },
  }
}

function ask(port: number, app: string, path: string, agent: Agent | false): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, agent, headers: { host: `${app}.localhost` }, timeout: 15_000 }, (answer) => {
      answer.resume()
      answer.on("end", () => resolve(answer.statusCode ?? 0))
      answer.on("error", reject)
    })
    asking.on("timeout", () => asking.destroy(new Error("no answer within 15 seconds")))
    asking.on("error", reject)
    asking.end()
  })
}
