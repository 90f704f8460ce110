import { sql } from "drizzle-orm"
import { boolean, check, index, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core"
import { users } from "./accounts"

/** How an app is judged and rolled. Every field has a default, so that nobody has to touch them. */
export interface AppSettings {
  check: {
    kind: "tcp" | "http"
    /** Only for `http`. */
    path: string
    /** Only for `http`: a status or a range of them, `200` or `200-399`. */
    expectedStatus: string
    intervalSeconds: number
    timeoutSeconds: number
    /** How long a new replica may take until it first answers. */
    graceSeconds: number
    successes: number
    failures: number
  }
  rollout: {
    /** How many replicas are started at once; 0 means a quarter of them, at least one. */
    batchSize: number
    /** Between two batches. */
    waitSeconds: number
    /** How long the new replicas must stay up after they took the traffic. */
    settleSeconds: number
    /** How long an old replica may finish what it has. */
    drainSeconds: number
    /** `hot`: a push upgrades running replicas in place where that is possible, and rolls them where it is not. */
    strategy: "rolling" | "hot"
    /** Whether a changed config is rolled out now, or with the next deploy. */
    configChanges: "now" | "next_deploy"
  }
  /** A one-off command of the new release before any traffic moves. */
  releaseCommand: {
    /** A shell's command line, run in the app's folder; empty: none. */
    command: string
    timeLimitSeconds: number
  }
}

export const apps = pgTable(
  "apps",
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull().unique(),
    ownerId: uuid()
      .notNull()
      .references(() => users.id),
    /** Small and unique while the app exists: its network, its user id and its SSH port are reckoned from it. */
    number: integer().notNull().unique(),
    stack: text().notNull().default("debian-13"),
    /** 1 is 10^9 bytes of memory and one CPU share, in steps of 0.1 (gigalixir.md C.10). */
    size: numeric({ precision: 5, scale: 1, mode: "number" }).notNull().default(0.5),
    /** The wish. 0 until the first push, which makes it 1 (C.2). */
    replicas: integer().notNull().default(0),
    isInMaintenance: boolean().notNull().default(false),
    settings: jsonb().$type<AppSettings>().notNull(),
    /** Sealed. */
    secretKeyBase: text().notNull(),
    erlangCookie: text().notNull(),
    appKey: text().notNull(),
    /** For the run-container API's Basic auth. */
    appKeyHash: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Set by delete: the controller takes the world down and then removes the row. */
    deletedAt: timestamp({ withTimezone: true }),
  },
  (t) => [check("app_name", sql`${t.name} ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'`), index().on(t.ownerId)],
)

export const role = pgEnum("role", ["COLLABORATOR", "VIEWER"])

export const permissions = pgTable(
  "permissions",
  {
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: role().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.userId] }), index().on(t.userId)],
)
