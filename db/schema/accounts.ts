import { boolean, index, integer, pgEnum, pgTable, serial, text, timestamp, unique, uuid } from "drizzle-orm/pg-core"

export const tier = pgEnum("tier", ["FREE", "STANDARD"])

export const users = pgTable("users", {
  id: uuid().primaryKey().defaultRandom(),
  /** Lower case. */
  email: text().notNull().unique(),
  /** argon2id. */
  passwordHash: text().notNull(),
  tier: tier().notNull().default("FREE"),
  /** The one who installed Phial: may see `/platform`. Gives no right on other people's apps. */
  isOperator: boolean().notNull().default(false),
  confirmedAt: timestamp({ withTimezone: true }),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

export const sessions = pgTable(
  "sessions",
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** SHA-256 of the token in the cookie. */
    tokenHash: text().notNull().unique(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    lastSeenAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    revokedAt: timestamp({ withTimezone: true }),
    ip: text(),
    userAgent: text(),
  },
  (t) => [index().on(t.userId)],
)

export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    /** `person`: named and made by them. The others stand for the one key that the CLI knows of, and go when that is reset. */
    origin: text({ enum: ["sign_up", "login", "reset", "person"] })
      .notNull()
      .default("person"),
    keyHash: text().notNull().unique(),
    /** The first characters, to tell keys apart in a list. */
    prefix: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    lastUsedAt: timestamp({ withTimezone: true }),
    expiresAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index().on(t.userId)],
)

export const sshKeys = pgTable(
  "ssh_keys",
  {
    id: serial().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The whole line as given, checked. */
    key: text().notNull(),
    /** `SHA256:…` as ssh-keygen prints it. */
    fingerprint: text().notNull(),
    comment: text().notNull().default(""),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [unique().on(t.userId, t.fingerprint)],
)

/** A sign-up on its way through the API's steps: e-mail, code, password, tier. */
export const signups = pgTable("signups", {
  id: uuid().primaryKey().defaultRandom(),
  email: text().notNull(),
  codeHash: text().notNull(),
  attempts: integer().notNull().default(0),
  confirmedAt: timestamp({ withTimezone: true }),
  passwordHash: text(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp({ withTimezone: true }).notNull(),
})
