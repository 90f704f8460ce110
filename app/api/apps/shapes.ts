import type { Activity, AppSummary, ReplicaInfo } from "@/server/apps"
import { CLOUD, REGION } from "@/server/apps/stacks"
import type { BuildInfo } from "@/server/builds"
import type { AppliedConfig } from "@/server/config"
import { AppError } from "@/server/kernel/errors"
import { refusalOf } from "@/server/kernel/refusal"
import type { OneOffInfo } from "@/server/one-offs"
import type { ReleaseInfo } from "@/server/releases"

/** Of every route below an app. */
export type OfApp = { app: string }

/** An app as the API tells it (gigalixir.md A.4). */
export function appShape(app: AppSummary) {
  return {
    cloud: CLOUD,
    region: REGION,
    replicas: app.replicas,
    size: app.size,
    stack: app.stack,
    unique_name: app.name,
    version: app.release.version,
  }
}

/** `ps`: what is wished and what runs, one pod a replica, one job a one-off. */
export function statusShape(app: AppSummary, replicas: ReplicaInfo[], oneOffs: OneOffInfo[]) {
  return {
    cloud: CLOUD,
    region: REGION,
    pods: replicas.map(podShape),
    jobs: oneOffs.map(oneOffShape),
    replicas_desired: app.replicas,
    replicas_running: app.running,
    size: app.size,
    stack: app.stack,
    unique_name: app.name,
    status: app.status.state,
    message: app.status.sentence,
  }
}

/** Clients wait for "Healthy". */
const POD_STATUS: Record<ReplicaInfo["state"], string> = {
  starting: "Starting",
  healthy: "Healthy",
  unhealthy: "Unhealthy",
  draining: "Draining",
  stopping: "Terminating",
  waiting: "CrashLoopBackOff",
  exited: "Exited",
}

const EXIT_REASON = { normal: "Completed", crash: "Error", out_of_memory: "OOMKilled", lost: "ContainerStatusUnknown" } as const

function podShape(replica: ReplicaInfo) {
  const exit = replica.lastExit
  return {
    name: replica.id,
    sha: replica.commit,
    status: POD_STATUS[replica.state],
    version: String(replica.version),
    restarts: replica.restarts,
    lastState: exit ? { terminated: { exitCode: exit.code, reason: EXIT_REASON[exit.reason], finishedAt: exit.at } } : {},
  }
}

/** A one-off: what Gigalixir calls a job. */
export function oneOffShape(oneOff: OneOffInfo) {
  return {
    name: oneOff.id,
    kind: oneOff.kind,
    command: oneOff.command,
    status: oneOff.state,
    version: String(oneOff.version),
    size: oneOff.size,
    time_limit_seconds: oneOff.timeLimitSeconds,
    exit_code: oneOff.exitCode,
    reason: oneOff.reason,
    created_by: oneOff.by,
    created_at: oneOff.createdAt.toISOString(),
    started_at: oneOff.startedAt?.toISOString() ?? null,
    ended_at: oneOff.endedAt?.toISOString() ?? null,
  }
}

export function releaseShape(release: ReleaseInfo) {
  return {
    version: release.version,
    sha: release.slug?.commit ?? null,
    created_at: release.createdAt.toISOString(),
    summary: release.summary,
  }
}

/** A release with what it is made of, for a comparison. */
export function comparedShape(release: ReleaseInfo) {
  const { slug } = release
  return {
    ...releaseShape(release),
    kind: release.kind,
    created_by: release.by,
    slug: slug && {
      sha256: slug.sha256,
      size_bytes: slug.sizeBytes,
      stack: slug.stack,
      mode: slug.meta.mode,
      app_version: slug.meta.version,
      elixir: slug.meta.elixir,
      erlang: slug.meta.erlang,
      erts: slug.meta.erts,
      buildpacks: slug.meta.buildpacks,
      process_types: slug.meta.processTypes,
    },
  }
}

export function configShape({ version, added, changed, removed, isRolledOut }: AppliedConfig) {
  return { version, added, changed, removed, rolled_out: isRolledOut }
}

export function activityShape({ at, actor, via, action, data }: Activity) {
  return { created_at: at.toISOString(), actor, via, action, data }
}

export function buildShape(build: BuildInfo) {
  return {
    id: build.id,
    number: build.number,
    state: build.state,
    sha: build.commit,
    message: build.message,
    branch: build.branch,
    phases: build.phases.map(({ name, startedAt, endedAt }) => ({ name, started_at: startedAt, ended_at: endedAt })),
    reason: build.reason,
    release: build.release,
    created_by: build.by,
    created_at: build.createdAt.toISOString(),
    started_at: build.startedAt?.toISOString() ?? null,
    ended_at: build.endedAt?.toISOString() ?? null,
  }
}

/** Moves a refusal from the verb's field to the name that the API has for it. */
export async function renamingField<T>(from: string, to: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const refusal = refusalOf(thrown)
    const messages = refusal?.fields[from]
    if (!refusal || !messages) throw thrown
    const { [from]: _moved, ...others } = refusal.fields
    throw new AppError(refusal.code, refusal.message, { fields: { ...others, [to]: messages }, cause: thrown })
  }
}

/** What Gigalixir has and Phial has not. */
export function notYet(what: string): Response {
  return Response.json({ errors: { "": [`Phial does not have ${what} yet.`] } }, { status: 501 })
}

/** Our names in the API's words, and back; also inside of objects. */
export const inSnakeCase = (value: unknown) => renamed(value, (name) => name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`))
export const inCamelCase = (value: unknown) =>
  renamed(value, (name) => name.replace(/_([a-z])/g, (_all, char: string) => char.toUpperCase()))

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [rename(name), renamed(inner, rename)]))
}
