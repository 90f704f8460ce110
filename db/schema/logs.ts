import { bigserial, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"

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
