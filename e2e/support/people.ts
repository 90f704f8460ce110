import { randomBytes } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { type Api, apiOf } from "./api"
import type { Platform } from "./platform"

export const PASSWORD = "correct horse battery staple"

export interface Person {
  email: string
  key: string
  api: Api
  /** Where they push an app, with their credentials in it. */
  remote(app: string): string
}

export function runningPlatform(): Omit<Platform, "process"> & { pid: number } {
  return JSON.parse(process.env.PHIAL_E2E ?? "null") as Omit<Platform, "process"> & { pid: number }
}

/** Signs up by the API's steps, as `gigalixir signup` does, with the code from the mail. */
export async function signUp(platform: Pick<Platform, "url" | "home">): Promise<Person> {
  const email = `${randomBytes(4).toString("hex")}+ci@example.com`
  const step = async (body: Record<string, string>) => {
    const answer = await fetch(`${platform.url}/api/signup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    if (answer.status !== 200) throw new Error(`sign-up: ${answer.status} ${await answer.text()}`)
    return ((await answer.json()) as { data: Record<string, string> }).data
  }
  const { uuid = "" } = await step({ email })
  await step({ uuid, confirmation_code: await codeFor(platform.home, email) })
  await step({ uuid, password: PASSWORD })
  const { key = "" } = await step({ uuid, tier: "FREE" })
  return personOf(platform.url, email, key)
}

export function personOf(url: string, email: string, key: string): Person {
  const credentials = `${encodeURIComponent(email)}:${key}`
  return { email, key, api: apiOf(url, email, key), remote: (app) => `${url.replace("://", `://${credentials}@`)}/git/${app}.git` }
}

/** The mail is sent by the controller a moment after the request. */
export async function codeFor(home: string, email: string): Promise<string> {
  return until(`a mail to ${email} with a code`, () => {
    for (const name of readdirSync(path.join(home, "mail"))) {
      const text = readFileSync(path.join(home, "mail", name), "utf8")
      if (text.includes(email)) return /\b(\d{6})\b/.exec(text.slice(text.search(/\r?\n\r?\n/)))?.[1] ?? null
    }
    return null
  })
}

/** Looks again until there is something, at most for the given time. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`not within ${seconds} seconds: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** As `PUT /api/apps/:app/settings` takes them; what is not given stays. */
export interface Settings {
  check?: Record<string, number | string>
  rollout?: Record<string, number | string>
  release_command?: Record<string, number | string>
}

/** For tests that deploy much and are not about whether a release stays up. */
export const SETTLED_SOON: Settings = { rollout: { settle_seconds: 1 } }

/** @returns the new app's name. */
export async function createApp(person: Person, settings?: Settings): Promise<string> {
  const name = `app-${randomBytes(4).toString("hex")}`
  const { status, text } = await person.api.call("POST", "/api/apps", { unique_name: name })
  if (status !== 201) throw new Error(`create: ${status} ${text}`)
  if (settings) await changeSettings(person, name, settings)
  return name
}

export async function changeSettings(person: Person, app: string, settings: Settings): Promise<void> {
  const { status, text } = await person.api.call("PUT", `/api/apps/${app}/settings`, settings)
  if (status !== 200) throw new Error(`settings: ${status} ${text}`)
}
