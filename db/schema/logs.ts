import { bigint, bigserial, index, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"

/** What replicas and the platform print about an app: the first store behind the `logs` port. */
export const logLines = pgTable(
  "log_lines",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    appId: uuid().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    source: text({ enum: ["app", "router", "build", "platform"] }).notNull(),
    /** The replica's id; empty for the platform's own lines. */
    replica: text().notNull().default(""),
    release: integer(),
    stream: text({ enum: ["stdout", "stderr"] })
      .notNull()
      .default("stdout"),
    text: text().notNull(),
  },
  (t) => [index().on(t.appId, t.id), index().on(t.at)],
)

/** The beginning of a line whose end was not printed yet. */
export interface PartialLine {
  /** As PostgreSQL reads times. */
  at: string
  /** Base64: a character may be cut in two. */
  text: string
  /** What was too much to keep. */
  cutBytes: number
}

/** How far a replica's output is stored: written with its lines, so that none is lost or doubled. */
export const logOffsets = pgTable("log_offsets", {
  replica: text().primaryKey(),
  /** Of the file: a replica that is started again, or prints very much, gets a new one. */
  file: text().notNull(),
  position: bigint({ mode: "number" }).notNull(),
  partial: jsonb().$type<{ stdout?: PartialLine; stderr?: PartialLine }>().notNull().default({}),
  updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
