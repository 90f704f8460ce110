import { and, inArray, isNotNull, lt, sql } from "drizzle-orm"
import { replicas } from "@/db/schema"
import type { Parts } from "@/server/kernel/context"
import { wake } from "@/server/wakes"
import type { Outcome, Reconciler } from "./loop"

/** Work that belongs to no app: each key is looked at again after its rest. */
const RESYNC_SECONDS = 30
const PRUNE_SECONDS = 600
const MAIL_SECONDS = 60
/** Of each app. */
const KEPT_ONE_OFFS = 100

export interface JanitorDeps extends Parts {
  /** Sends what the outbox holds. @returns whether something is left to try again. */
  sendMails(): Promise<boolean>
  /** Removes what accounts no longer need. */
  sweep(): Promise<void>
}

/** Makes sure that the janitor's own keys are there: called at each start of a controller. */
export async function wakeJanitor(deps: Parts): Promise<void> {
  for (const key of ["resync", "prune", "mail"]) await wake(deps.db, "janitor", key)
}

export function reconcileJanitor(deps: JanitorDeps): Reconciler {
  return async (key): Promise<Outcome> => {
    switch (key) {
      case "resync":
        await resync(deps)
        return { againInSeconds: RESYNC_SECONDS }
      case "prune":
        await Promise.all([prune(deps), deps.sweep()])
        return { againInSeconds: PRUNE_SECONDS }
      case "mail":
        return { againInSeconds: (await deps.sendMails()) ? MAIL_SECONDS / 4 : MAIL_SECONDS }
      default:
        return "done"
    }
  }
}

/** Every app, and every build and one-off under way, has a row in `wakes`; one that has none was missed, and is counted. */
async function resync(deps: Parts): Promise<void> {
  const missed = await deps.db.execute<{ key: string }>(sql`
    insert into wakes (kind, key)
    select 'app', id::text from apps
    union all select 'build', id::text from builds where state in ('queued', 'building')
    union all select 'one_off', id from one_offs where state in ('waiting', 'running')
    on conflict do nothing returning key`)
  if (missed.length > 0) deps.log.warn("repaired missed wake-ups", { count: missed.length, keys: missed.map((row) => row.key) })
}

async function prune(deps: Parts): Promise<void> {
  const ago = (hours: number) => new Date(deps.clock.now().getTime() - hours * 3_600_000)
  await deps.db
    .delete(replicas)
    .where(and(isNotNull(replicas.endedAt), inArray(replicas.state, ["exited", "stopping"]), lt(replicas.endedAt, ago(24))))
  // The newest of each app stay; the lines of an older one are about to go as well.
  await deps.db.execute(sql`
    delete from one_offs where ended_at < ${ago(24).toISOString()} and id in (
      select id from (select id, row_number() over (partition by app_id order by created_at desc) as place from one_offs) as placed
      where place > ${KEPT_ONE_OFFS})`)
}
