import { bigserial, boolean, index, integer, jsonb, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"
import { users } from "./accounts"
import { apps } from "./apps"

export const buildState = pgEnum("build_state", ["queued", "building", "succeeded", "failed", "cancelled"])

export interface BuildPhase {
  name: string
  /** ISO 8601. */
  startedAt: string
  endedAt: string | null
}

/** One run of the build server over one commit. */
export const builds = pgTable(
  "builds",
  {
    id: uuid().primaryKey().defaultRandom(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    number: integer().notNull(),
    commit: text().notNull(),
    message: text().notNull().default(""),
    branch: text().notNull(),
    state: buildState().notNull().default("queued"),
    phases: jsonb().$type<BuildPhase[]>().notNull().default([]),
    /** One sentence that says what to do. */
    reason: text(),
    cleanCache: boolean().notNull().default(false),
    hotUpgrade: boolean().notNull().default(false),
    userId: uuid().references(() => users.id, { onDelete: "set null" }),
    /** Set by cancel; the controller ends the container. */
    cancelRequestedAt: timestamp({ withTimezone: true }),
    /** How often it was started: a build whose container vanished is run again once. */
    attempts: integer().notNull().default(0),
    /** How many bytes of the container's output are stored already. */
    outputOffset: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    startedAt: timestamp({ withTimezone: true }),
    endedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index().on(t.appId, t.createdAt), index().on(t.state)],
)

/** What a build printed, a row a line, with its ANSI colours. The push and the page show the same. */
export const buildOutput = pgTable(
  "build_output",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    buildId: uuid()
      .notNull()
      .references(() => builds.id, { onDelete: "cascade" }),
    appId: uuid().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    phase: text().notNull(),
    text: text().notNull(),
  },
  (t) => [index().on(t.buildId, t.id)],
)
