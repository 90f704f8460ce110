import type { Connection } from "@/db/client"

/** How long lines are kept, and how many an app. */
const KEPT_DAYS = 7
const KEPT_LINES = 1_000_000
const BATCH = 20_000

/** Removes what is too old or too much, in small steps that hold nobody up. @returns how many lines went. Repeatable. */
export async function pruneLogs({ sql }: Connection, keptLines = KEPT_LINES): Promise<number> {
  let removed = 0
  const inBatches = async (remove: () => Promise<{ count: number }>) => {
    for (let count = BATCH; count === BATCH; removed += count) count = (await remove()).count
  }
  await inBatches(
    () => sql`delete from log_lines where id in
      (select id from log_lines where at < now() - make_interval(days => ${KEPT_DAYS}) order by at limit ${BATCH})`,
  )
  for (const { app, last } of await tooMany(sql, keptLines)) {
    await inBatches(
      () => sql`delete from log_lines where id in
        (select id from log_lines where app_id = ${app} and id <= ${last} order by id limit ${BATCH})`,
    )
  }
  await sql`delete from log_offsets where updated_at < now() - interval '1 day'
    and not exists (select from replicas where replicas.id = log_offsets.replica and ended_at is null)
    and not exists (select from one_offs where one_offs.id = log_offsets.replica and ended_at is null)`
  return removed
}

/** The apps with too many lines, each with the id of the newest that must go. */
function tooMany(sql: Connection["sql"], keptLines: number): Promise<Array<{ app: string; last: string }>> {
  return sql<Array<{ app: string; last: string }>>`
    select app, last from (select id as app from apps) as all_apps
    cross join lateral (select id as last from log_lines where app_id = app order by id desc offset ${keptLines} limit 1) as line`
}
