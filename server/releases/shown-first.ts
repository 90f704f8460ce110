import { desc, type SQL, sql } from "drizzle-orm"
import { rollouts } from "@/db/schema"

/** Orders an app's rollouts: the one under way, then what waits, then the newest. */
export const shownFirst: readonly SQL[] = [
  sql`case when ${rollouts.endedAt} is not null then 2 when ${rollouts.state} = 'waiting' then 1 else 0 end`,
  desc(rollouts.createdAt),
]
