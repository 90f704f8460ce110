import { existsSync } from "node:fs"
import { and, eq, gt, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm"
import type { PgColumn } from "drizzle-orm/pg-core"
import type { Database } from "@/db/client"
import { oneOffs, releases, replicas } from "@/db/schema"

/** Something that prints, or did a moment ago. */
export interface Printing {
  id: string
  appId: string
  /** The version of its release. */
  release: number
  endedAt: Date | null
}

/** A replica that ended so long ago prints no more; its file is gone, or about to be. */
const REPLICA_SECONDS = 120
/** An ended one-off's file stays until it is read, but no longer than this (its controller's patience). */
const ONE_OFF_SECONDS = 3_600

/** All replicas and one-offs whose output may not be read to its end. */
export async function printing(db: Database, logFileOf: (id: string) => string): Promise<Printing[]> {
  const ofReplicas = db
    .select({ id: replicas.id, appId: replicas.appId, release: releases.version, endedAt: replicas.endedAt })
    .from(replicas)
    .innerJoin(releases, eq(releases.id, replicas.releaseId))
    .where(isRecent(replicas.endedAt, REPLICA_SECONDS))
  const ofOneOffs = db
    .select({ id: oneOffs.id, appId: oneOffs.appId, release: releases.version, endedAt: oneOffs.endedAt })
    .from(oneOffs)
    .innerJoin(releases, eq(releases.id, oneOffs.releaseId))
    .where(and(isNotNull(oneOffs.startedAt), isRecent(oneOffs.endedAt, ONE_OFF_SECONDS)))
  const [some, others] = await Promise.all([ofReplicas, ofOneOffs])
  return [...some, ...others.filter(({ id, endedAt }) => !endedAt || existsSync(logFileOf(id)))]
}

function isRecent(endedAt: PgColumn, seconds: number): SQL | undefined {
  return or(isNull(endedAt), gt(endedAt, sql`now() - make_interval(secs => ${seconds})`))
}
