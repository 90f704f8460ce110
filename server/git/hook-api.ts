import { existsSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import type { ZodType } from "zod"
import { appFor } from "@/server/access"
import type { Hub } from "@/server/events"
import { type Ctx, makeCtx, type Parts } from "@/server/kernel/context"
import type { Env } from "@/server/kernel/env"
import { AppError } from "@/server/kernel/errors"
import { newestBuilt, underWay } from "./builds-of-branch"
import { followBuild } from "./follow-build"
import { followRollout } from "./follow-rollout"
import { AskBranch, AskSibling, FollowBuild, FollowRollout, type Push, type Told } from "./push"
import { repositoryOf } from "./repository"

export interface HookParts extends Parts {
  hub: Hub
  repositories: string
  env: Pick<Env, "url" | "appsPort" | "appsDomain" | "sshPorts" | "home">
}

type Tell = (told: Told) => void

/** An empty line this often shows the hook that we live. */
const SIGN_OF_LIFE_MS = 5_000

/** What the hooks of a push ask over their socket. Who reaches it is the platform's own user, so the push says who pushed. */
export function hookHandler(parts: HookParts): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    switch (request.url) {
      case "/builds": {
        const order = await bodyOf(request, FollowBuild)
        return stream(response, (tell, signal) => followBuild(ctxOf(parts, order.push), { ...parts, tell, signal }, order))
      }
      case "/rollouts": {
        const order = await bodyOf(request, FollowRollout)
        return stream(response, (tell, signal) => followRollout(ctxOf(parts, order.push), { ...parts, tell, signal }, order))
      }
      case "/branch": {
        const { push, branch } = await bodyOf(request, AskBranch)
        return answer(response, { commit: await newestBuilt(parts.db, push.app.id, branch) })
      }
      case "/under-way": {
        const { push, branch } = await bodyOf(request, AskBranch)
        return answer(response, { builds: await underWay(parts.db, push, branch) })
      }
      case "/siblings": {
        const { push, app } = await bodyOf(request, AskSibling)
        return answer(response, { repository: await siblingRepository(parts, ctxOf(parts, push), app) })
      }
      default:
        response.writeHead(404).end()
    }
  }
}

function ctxOf(parts: Parts, push: Push): Ctx {
  return makeCtx(parts, { actor: { ...push.actor, kind: "api_key", via: "git" }, ip: push.ip })
}

async function siblingRepository(parts: HookParts, ctx: Ctx, name: string): Promise<string | null> {
  try {
    const repository = repositoryOf(parts.repositories, (await appFor(ctx, name, "app:see")).id)
    return existsSync(repository) ? repository : null
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function bodyOf<T>(request: IncomingMessage, schema: ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await text(request)))
}

/** An error in between cuts the answer: the hook comes back and goes on from where it was. */
async function stream(response: ServerResponse, work: (tell: Tell, signal: AbortSignal) => Promise<void>): Promise<void> {
  const ending = new AbortController()
  response.on("close", () => ending.abort())
  response.writeHead(200, { "content-type": "application/x-ndjson" })
  response.flushHeaders()
  const life = setInterval(() => response.write("\n"), SIGN_OF_LIFE_MS)
  try {
    await work((told) => response.write(`${JSON.stringify(told)}\n`), ending.signal)
    response.end()
  } finally {
    clearInterval(life)
  }
}

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" })
  response.end(JSON.stringify(body))
}
