import { sql } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { apps } from "@/db/schema"
import { AppError } from "@/server/kernel/errors"

/** An app's network is a part of a /12 (see the runner): twelve bits. */
const LAST_NUMBER = 4095

/** The lowest number that no app has, from 1. Call it under the lock of app creation. @throws AppError `unavailable` when all are taken. */
export async function freeNumber(tx: Transaction): Promise<number> {
  const [row] = await tx.execute<{ number: number }>(sql`
    select min(candidate) as number from (
      select 1 as candidate union all select ${apps.number} + 1 from ${apps}
    ) as candidates
    where candidate not in (select ${apps.number} from ${apps})`)
  if (!row || row.number > LAST_NUMBER) throw new AppError("unavailable", `This platform has its ${LAST_NUMBER} apps: delete one first.`)
  return row.number
}
