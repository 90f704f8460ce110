import { desc, eq } from "drizzle-orm"
import { builds } from "@/db/schema"
import { appFor } from "@/server/access"
import type { Role } from "@/server/access/policy"
import { type Ctx, userIdOf } from "@/server/kernel/context"
import type { Env } from "@/server/kernel/env"
import { AppError } from "@/server/kernel/errors"
import { addressesOf } from "./addresses"
import { isNameFree } from "./name-suggestion"
import { type AppSummary, appsOf } from "./queries"
import type { AppState } from "./status"

type Reachable = Pick<Env, "url" | "appsPort" | "appsDomain" | "sshPorts">

/** One app in the list. Times are ISO 8601. */
export interface AppRow {
  name: string
  url: string
  role: Role
  owner: string
  state: AppState
  /** Is it well? In words. */
  sentence: string
  size: number
  wanted: number
  /** How many are healthy. */
  running: number
  release: { version: number; summary: string; commit: string | null; by: string | null; at: string }
  createdAt: string
}

export interface AppsView {
  apps: AppRow[]
}

/** Every app that the asker reaches, with what the list says of each. */
export async function appsView(ctx: Ctx, env: Reachable): Promise<AppsView> {
  const summaries = await appsOf(ctx)
  return { apps: summaries.map((app) => appRow(app, addressesOf(env, app).url)) }
}

function appRow({ release, status, replicas, ...app }: AppSummary, url: string): AppRow {
  const { name, role, owner, size, running } = app
  return {
    ...{ name, url, role, owner, size, running },
    wanted: replicas,
    state: status.state,
    sentence: status.sentence,
    release: {
      version: release.version,
      summary: release.summary,
      commit: release.commit,
      by: release.by,
      at: release.createdAt.toISOString(),
    },
    createdAt: app.createdAt.toISOString(),
  }
}

export interface SwitcherView {
  apps: { name: string; state: AppState }[]
}

/** Names and states only: for the switcher and the palette of every page. */
export async function switcherView(ctx: Ctx): Promise<SwitcherView> {
  const summaries = await appsOf(ctx)
  return { apps: summaries.map(({ name, status }) => ({ name, state: status.state })) }
}

export interface NameView {
  isFree: boolean
  /** To be read after the name: "has already been taken." */
  reason: string | null
}

/** Whether a new app can have this name. */
export async function nameView(ctx: Ctx, name: string): Promise<NameView> {
  if (!userIdOf(ctx.actor)) throw new AppError("unauthenticated", "Sign in first.")
  return isNameFree(ctx, name)
}

export interface FirstPushView {
  name: string
  url: string
  gitRemote: string
  /** The newest. */
  build: { id: string; number: number } | null
}

/** @throws AppError `not_found` for what one may not see. */
export async function firstPushView(ctx: Ctx, name: string, env: Reachable): Promise<FirstPushView> {
  const app = await appFor(ctx, name, "app:see")
  const { url, gitRemote } = addressesOf(env, app)
  const [build] = await ctx.db
    .select({ id: builds.id, number: builds.number })
    .from(builds)
    .where(eq(builds.appId, app.id))
    .orderBy(desc(builds.number))
    .limit(1)
  return { name: app.name, url, gitRemote, build: build ?? null }
}
