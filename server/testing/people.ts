import { randomBytes } from "node:crypto"
import type { Connection } from "@/db/client"
import { apps, configVersions, permissions, releases, users } from "@/db/schema"
import type { App } from "@/server/access"
import { defaultSettings } from "@/server/apps/settings"
import { systemClock } from "@/server/kernel/clock"
import { type Actor, type Ctx, makeCtx, type Parts } from "@/server/kernel/context"
import { silentLog } from "@/server/kernel/log"
import { hashToken, SecretBox } from "@/server/kernel/secret"

const TEST_KEY = Buffer.alloc(32, 7).toString("base64")

/** What verbs run on in tests: the given database, the real clock, a key of the tests. */
export function testParts(connection: Connection, over: Partial<Parts> = {}): Parts {
  return { db: connection.db, clock: systemClock, log: silentLog, secrets: new SecretBox([TEST_KEY]), ...over }
}

/** A person with a confirmed account, signed in to the dashboard. */
export async function aPerson(parts: Parts): Promise<Ctx & { userId: string; email: string }> {
  const email = `${randomBytes(5).toString("hex")}@example.com`
  const [user] = await parts.db.insert(users).values({ email, passwordHash: "none", confirmedAt: new Date() }).returning()
  if (!user) throw new Error("no user")
  const actor: Actor = { kind: "person", userId: user.id, email, sessionId: null, via: "dashboard" }
  return { ...makeCtx(parts, { actor }), userId: user.id, email }
}

/** An app of theirs as `createApp` leaves it: two releases, nothing pushed. */
export async function anApp(owner: Ctx & { userId: string }, over: Partial<typeof apps.$inferInsert> = {}): Promise<App> {
  const token = randomBytes(6).toString("hex")
  const seal = owner.secrets.seal(token)
  const values = { name: `app-${token}`, ownerId: owner.userId, number: randomBytes(3).readUIntBE(0, 3), settings: defaultSettings }
  return owner.tx(async (tx) => {
    const sealed = { secretKeyBase: seal, erlangCookie: seal, appKey: seal, appKeyHash: hashToken(token) }
    const [app] = await tx
      .insert(apps)
      .values({ ...values, ...sealed, ...over })
      .returning()
    if (!app) throw new Error("no app")
    const [config] = await tx.insert(configVersions).values({ appId: app.id, number: 1 }).returning()
    if (!config) throw new Error("no config")
    for (const version of [1, 2]) {
      const summary = version === 1 ? "Created" : "Prepared"
      await tx.insert(releases).values({ appId: app.id, version, kind: "initial", configVersionId: config.id, summary })
    }
    return app
  })
}

/** Shares the app: the person with this role, beside a fresh stranger. */
export async function share(app: App, who: Ctx & { userId: string }, role: "COLLABORATOR" | "VIEWER"): Promise<void> {
  await who.db.insert(permissions).values({ appId: app.id, userId: who.userId, role })
}
