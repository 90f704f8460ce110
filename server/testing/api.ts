import { readdirSync } from "node:fs"
import path from "node:path"
import { apiKeys } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { hashToken, newToken } from "@/server/kernel/secret"

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
type Handler = (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body parsed; `undefined` when it is no JSON. */
  json: unknown
}

/** Calls the API as the official command line does: Basic auth of this person, JSON headers on everything, bodies also on DELETE. */
export type Cli = (method: Method, url: string, body?: unknown) => Promise<Answer>

export async function cliOf(person: Ctx & { userId: string; email: string }): Promise<Cli> {
  const key = newToken()
  await person.db.insert(apiKeys).values({ userId: person.userId, name: "cli", keyHash: hashToken(key), prefix: key.slice(0, 4) })
  return basicCli(person.email, key)
}

/** With any pair: also a run container's. */
export function basicCli(name: string, secret: string): Cli {
  const authorization = `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`
  return (method, url, body) =>
    callRoute(method, url, {
      headers: { authorization, "content-type": "application/json", "user-agent": "GigalixirCLI/1.16.1" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}

/** Finds the route of a path as Next does and calls it. */
export async function callRoute(method: Method, url: string, init: RequestInit = {}): Promise<Answer> {
  const request = new Request(new URL(url, "http://phial.test"), { ...init, method })
  const found = routeFile(path.resolve("app"), new URL(request.url).pathname.split("/").filter(Boolean).map(decodeURIComponent))
  if (!found) return { status: 404, headers: new Headers(), text: "no route", json: undefined }
  const route = (await import(found.file)) as Partial<Record<Method, Handler>>
  const handler = route[method]
  if (!handler) return { status: 405, headers: new Headers(), text: "no method", json: undefined }
  const response = await handler(request, { params: Promise.resolve(found.params) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

interface Found {
  file: string
  params: Record<string, string | string[]>
}

/** Names before `[parameters]` before `[...rests]`. */
function routeFile(dir: string, [part, ...rest]: string[]): Found | null {
  const names = readdirSync(dir)
  if (part === undefined) return names.includes("route.ts") ? { file: path.join(dir, "route.ts"), params: {} } : null
  for (const name of [part, ...names.filter((each) => /^\[[a-z0-9]+\]$/i.test(each))]) {
    if (!names.includes(name)) continue
    const found = routeFile(path.join(dir, name), rest)
    if (found) return name === part ? found : { ...found, params: { ...found.params, [name.slice(1, -1)]: part } }
  }
  const catchAll = names.find((name) => name.startsWith("[..."))
  if (!catchAll) return null
  return { file: path.join(dir, catchAll, "route.ts"), params: { [catchAll.slice(4, -1)]: [part, ...rest] } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
