import { bigint, index, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, text, timestamp, unique, uuid } from "drizzle-orm/pg-core"
import { users } from "./accounts"
import { apps } from "./apps"
import { builds } from "./builds"

/** A built tarball. The blob lies in the slug store under its SHA-256. */
export const slugs = pgTable(
  "slugs",
  {
    id: uuid().primaryKey().defaultRandom(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    buildId: uuid().references(() => builds.id, { onDelete: "set null" }),
    sha256: text().notNull(),
    sizeBytes: bigint({ mode: "number" }).notNull(),
    stack: text().notNull(),
    commit: text().notNull(),
    /** What the build found out: see the builder's port. */
    meta: jsonb().$type<SlugMeta>().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index().on(t.appId), index().on(t.sha256)],
)

export interface SlugMeta {
  /** `release`: `bin/<releaseName> start`; `mix`: `mix phx.server` or `mix run --no-halt`; `other`: only what the Procfile says. */
  mode: "release" | "distillery" | "mix" | "other"
  /** The name under `bin/`, the API's `customer_app_name`; the app's name in mix mode. */
  releaseName: string
  /** Of mix.exs. */
  version: string
  erlang: string
  elixir: string
  erts: string
  /** From the Procfile, or the buildpacks' default: command by process type. Always has `web`. */
  processTypes: Record<string, string>
  buildpacks: string[]
  /** Only where a hot upgrade was asked for. */
  hotUpgrade?: HotUpgrade
}

/** What the build found out about upgrading running replicas in place. */
export type HotUpgrade =
  | {
      isPossible: true
      /** SHA-256 of the slug that it upgrades from: no other can be. */
      from: string
      fromVersion: string
      toVersion: string
      /** What it will do, a sentence a line: "app hello 0.1.0 → 0.1.1: updates Hello.Counter (code_change)". */
      instructions: string[]
    }
  | {
      isPossible: false
      /** One sentence that says what to do. */
      reason: string
    }

/** A numbered snapshot of an app's config. Never changed. */
export const configVersions = pgTable(
  "config_versions",
  {
    id: uuid().primaryKey().defaultRandom(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    number: integer().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [unique().on(t.appId, t.number)],
)

export const configEntries = pgTable(
  "config_entries",
  {
    configVersionId: uuid()
      .notNull()
      .references(() => configVersions.id, { onDelete: "cascade" }),
    key: text().notNull(),
    /** Sealed by the platform's key. */
    sealed: text().notNull(),
    /** Keyed digest: tells "changed" from "the same" without the values. */
    digest: text().notNull(),
    setBy: uuid().references(() => users.id, { onDelete: "set null" }),
    setAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.configVersionId, t.key] })],
)

export const releaseKind = pgEnum("release_kind", ["initial", "deploy", "config", "rollback"])

/** Slug + config version. Append-only. */
export const releases = pgTable(
  "releases",
  {
    id: uuid().primaryKey().defaultRandom(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** v1, v2 … a app. A new app is at 2 before its first deploy, as at Gigalixir (C.2). */
    version: integer().notNull(),
    kind: releaseKind().notNull(),
    /** `null` until something was pushed. */
    slugId: uuid().references(() => slugs.id),
    configVersionId: uuid()
      .notNull()
      .references(() => configVersions.id),
    /** "Deploy 1a2b3c4", "Set `X` config var." */
    summary: text().notNull(),
    /** For a rollback: the version that it goes back to. */
    rollbackTo: integer(),
    userId: uuid().references(() => users.id, { onDelete: "set null" }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [unique().on(t.appId, t.version)],
)

/**
 * `releasing` runs the release command; `upgrading` changes running replicas in place; `reverted`: what ran before runs again;
 * `failed`: there was nothing to go back to; `cancelled`: a person ended it, and what ran before runs.
 */
export const rolloutState = pgEnum("rollout_state", [
  "waiting",
  "releasing",
  "starting",
  "upgrading",
  "checking",
  "shifting",
  "settling",
  "draining",
  "settled",
  "reverting",
  "reverted",
  "failed",
  "cancelled",
  "superseded",
])

export const rolloutKind = pgEnum("rollout_kind", ["deploy", "config", "rollback", "scale", "restart"])

export interface RolloutStep {
  name: (typeof rolloutState.enumValues)[number]
  /** ISO 8601. */
  startedAt: string
  endedAt: string | null
  /** Why it ended as it did, where that is not plain: one sentence. */
  reason?: string
}

/** The way from one release to another. */
export const rollouts = pgTable(
  "rollouts",
  {
    id: uuid().primaryKey().defaultRandom(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    kind: rolloutKind().notNull(),
    releaseId: uuid()
      .notNull()
      .references(() => releases.id),
    /** Replicas of one generation are the same: release, config, size. A scale keeps the generation; all else makes a new one. */
    generation: uuid().notNull(),
    /** With release and generation the whole wish: what going back restores. */
    replicas: integer().notNull(),
    size: numeric({ precision: 5, scale: 1, mode: "number" }).notNull(),
    state: rolloutState().notNull().default("waiting"),
    steps: jsonb().$type<RolloutStep[]>().notNull().default([]),
    /** One sentence: why it failed, or what replaced it. */
    reason: text(),
    /** The replica's last words, where a crash was the reason. */
    lastLines: jsonb().$type<string[]>().notNull().default([]),
    /** Of a restart of one replica: the one that another takes the place of. */
    replaces: text(),
    /** `hot`: running replicas are upgraded in place where that is possible. */
    strategy: text({ enum: ["rolling", "hot"] })
      .notNull()
      .default("rolling"),
    /** One sentence: why a hot one went on as a rolling one. */
    fallbackReason: text(),
    /** A person's wish to end it; the controller goes back to what ran before. */
    cancelRequestedAt: timestamp({ withTimezone: true }),
    cancelledBy: uuid().references(() => users.id, { onDelete: "set null" }),
    userId: uuid().references(() => users.id, { onDelete: "set null" }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the new release took the traffic. */
    liveAt: timestamp({ withTimezone: true }),
    endedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index().on(t.appId, t.createdAt)],
)

export const replicaState = pgEnum("replica_state", ["starting", "healthy", "unhealthy", "draining", "stopping", "waiting", "exited"])

export interface ReplicaExit {
  /** Exit code, 128 + signal for a signal. */
  code: number
  /** `lost`: the machine ended it, and nobody saw how. */
  reason: "normal" | "crash" | "out_of_memory" | "lost"
  /** ISO 8601. */
  at: string
}

/** The last observed world: one row a replica, kept for a while after its end. */
export const replicas = pgTable(
  "replicas",
  {
    /** The container's id: `<app>-<six characters>`, the pod's name in the API. */
    id: text().primaryKey(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    releaseId: uuid()
      .notNull()
      .references(() => releases.id, { onDelete: "cascade" }),
    generation: uuid().notNull(),
    /** HOST_INDEX: small, reusable, unique among the app's running replicas. */
    index: integer().notNull(),
    address: text().notNull(),
    state: replicaState().notNull(),
    /** `active` takes requests; `standby` takes them when no active one can; `none` takes none. */
    traffic: text({ enum: ["active", "standby", "none"] })
      .notNull()
      .default("none"),
    /** Starts after the first in a row; 0 for one that never ended. */
    restarts: integer().notNull().default(0),
    lastExit: jsonb().$type<ReplicaExit>(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    healthyAt: timestamp({ withTimezone: true }),
    drainingAt: timestamp({ withTimezone: true }),
    /** Of one that drains: requests that it has still to answer, and WebSockets that it has still to give up; else `null`. */
    openRequests: integer(),
    openSockets: integer(),
    /** How many WebSockets it had when it began to drain: the pace at which it gives them up is reckoned from this. */
    socketsAtDrain: integer(),
    /** While `waiting`: when it is started again. */
    retryAt: timestamp({ withTimezone: true }),
    /** A person's wish to end it at once; the controller does it, and the next step replaces it. */
    killRequestedAt: timestamp({ withTimezone: true }),
    endedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index().on(t.appId)],
)
