import { index, integer, jsonb, numeric, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"
import { users } from "./accounts"
import { apps } from "./apps"
import { releases, rollouts } from "./releases"

export const oneOffKind = pgEnum("one_off_kind", ["command", "migration", "release_command"])

/** `failed`: it ended with another exit code than 0, was killed for memory or time, or could not be started. */
export const oneOffState = pgEnum("one_off_state", ["waiting", "running", "succeeded", "failed", "cancelled"])

/** One command in a container of its own, with an app's release and config. */
export const oneOffs = pgTable(
  "one_offs",
  {
    /** The container's id: `<app>-run-<six characters>`. */
    id: text().primaryKey(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: "cascade" }),
    kind: oneOffKind().notNull(),
    releaseId: uuid()
      .notNull()
      .references(() => releases.id, { onDelete: "cascade" }),
    /** Of a release command: the rollout that waits for it, which has one at most. */
    rolloutId: uuid()
      .unique()
      .references(() => rollouts.id, { onDelete: "cascade" }),
    /** Program and arguments, run in the app's folder. */
    command: jsonb().$type<string[]>().notNull(),
    size: numeric({ precision: 5, scale: 1, mode: "number" }).notNull(),
    timeLimitSeconds: integer().notNull(),
    state: oneOffState().notNull().default("waiting"),
    exitCode: integer(),
    /** One sentence, where it did not succeed. */
    reason: text(),
    userId: uuid().references(() => users.id, { onDelete: "set null" }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    startedAt: timestamp({ withTimezone: true }),
    endedAt: timestamp({ withTimezone: true }),
    cancelRequestedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index().on(t.appId, t.createdAt), index().on(t.state)],
)
