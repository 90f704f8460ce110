import { eq } from "drizzle-orm"
import { users } from "@/db/schema"
import type { Parts } from "@/server/kernel/context"
import type { Rollout } from "@/server/releases"

/** What a person's wish to cancel comes to, in words. */
export async function cancelReason(db: Parts["db"], { cancelledBy }: Pick<Rollout, "cancelledBy">): Promise<string> {
  const [user] = cancelledBy ? await db.select({ email: users.email }).from(users).where(eq(users.id, cancelledBy)) : []
  return user ? `Cancelled by ${user.email}.` : "Cancelled."
}
