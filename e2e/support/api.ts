import { request } from "node:http"

/** The REST API as the official CLI calls it: Basic auth, JSON in, `data` out. */
export interface Api {
  call(method: string, path: string, body?: unknown): Promise<{ status: number; data: unknown; text: string }>
}

export function apiOf(url: string, email: string, key: string): Api {
  const authorization = `Basic ${Buffer.from(`${email}:${key}`).toString("base64")}`
  return {
    async call(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, text, data: parse(text) }
    },
  }
}

function parse(text: string): unknown {
  try {
    return (JSON.parse(text) as { data?: unknown }).data
  } catch {
    return null
  }
}

export interface Answer {
  status: number
  text: string
}

/** Asks an app through the router, as `curl http://<app>.localhost:<port>` does. */
export function askApp(appsPort: number, app: string, path = "/", headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: appsPort, path, headers: { host: `${app}.localhost`, ...headers }, agent: false as const }
    const asked = request(options, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => (text += chunk))
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }))
      response.on("error", reject)
    })
    asked.on("error", reject)
    asked.end()
  })
}
