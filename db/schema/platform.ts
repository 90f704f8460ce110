import { bigserial, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core"

/** What must be looked at: a key a controller reconciles. One row a key; waking again moves `notBefore` forward. */
export const wakes = pgTable(
  "wakes",
  {
    kind: text({ enum: ["app", "build", "one_off", "janitor"] }).notNull(),
    key: text().notNull(),
    notBefore: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Counts wake-ups: a reconciler that finishes an older one does not swallow a newer. */
    version: integer().notNull().default(1),
    leaseOwner: text(),
    leaseUntil: timestamp({ withTimezone: true }),
    /** Errors in a row, for the back-off. */
    attempts: integer().notNull().default(0),
    lastError: text(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.key] }), index().on(t.notBefore)],
)

/** Who did what to what, from where. Written in the transaction of the change. Keeps names: it outlives what it tells of. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: bigserial({ mode: "number" }).primaryKey(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    actorKind: text().notNull(),
    userId: uuid(),
    actorName: text().notNull(),
    via: text().notNull(),
    ip: text(),
    /** `app.scaled`: the thing, a dot, what happened to it. */
    action: text().notNull(),
    appId: uuid(),
    appName: text(),
    /** Never a secret. */
    data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index().on(t.appId, t.id), index().on(t.userId, t.id)],
)

/** Mails to send: written with the change that causes them, sent by the controller. */
export const outbox = pgTable("outbox", {
  id: uuid().primaryKey().defaultRandom(),
  to: text().notNull(),
  subject: text().notNull(),
  text: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  sentAt: timestamp({ withTimezone: true }),
  attempts: integer().notNull().default(0),
  lastError: text(),
})

/** Requests counted by what they ask and who asks, in windows. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    bucket: text().notNull(),
    windowStart: timestamp({ withTimezone: true }).notNull(),
    count: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.bucket, t.windowStart] })],
)

/** Facts about the platform itself: that the set-up was done, when parts were last seen. */
export const platformFacts = pgTable("platform_facts", {
  key: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
