import { once } from "node:events"
import { inArray, sql } from "drizzle-orm"
import type { TransactionSql } from "postgres"
import type { Connection, Database, Transaction } from "@/db/client"
import { logLines, logOffsets } from "@/db/schema"
import type { Offset, Piece, Printer } from "./tail"

/** Somebody else stored lines of this replica meanwhile: what was read is to be dropped, and read again from where they are. */
export class MovedOffset extends Error {}

/**
 * Stores what was read, and how far, in one transaction.
 * @throws MovedOffset when another logger was faster.
 */
export async function storePieces(connection: Connection, pieces: ReadonlyArray<{ printer: Printer; piece: Piece }>): Promise<void> {
  const apps = [...new Set(pieces.filter(({ piece }) => piece.lines.length > 0).map(({ printer }) => printer.appId))].sort()
  await connection.sql.begin(async (tx) => {
    if (apps.length > 0) {
      await tx`select pg_advisory_xact_lock(${LINES_LOCK}, hashtext(id)) from jsonb_array_elements_text(${JSON.stringify(apps)}::text::jsonb) as id`
      await copyLines(tx, pieces)
    }
    await moveOffsets(tx, pieces)
  })
}

/** Where the collection of these replicas stopped. */
export async function offsetsOf(db: Database, replicas: readonly string[]): Promise<Map<string, Offset>> {
  if (replicas.length === 0) return new Map()
  const rows = await db
    .select()
    .from(logOffsets)
    .where(inArray(logOffsets.replica, [...replicas]))
  return new Map(rows.map(({ replica, file, position, partial }) => [replica, { file, position, partial }]))
}

/** Says something about an app among what it prints: "Starting …", "Scaled to 2." Part of the caller's transaction. */
export async function appendPlatformLine(tx: Transaction, app: { id: string }, text: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LINES_LOCK}, hashtext(${app.id}))`)
  await tx.insert(logLines).values({ appId: app.id, at: sql`clock_timestamp()`, source: "platform", text })
}

/**
 * Writers of one app's lines go one after the other: so its lines become visible in the order of their ids, and who has read up to
 * an id has missed none before it.
 */
const LINES_LOCK = 7_441_915

async function copyLines(tx: TransactionSql, pieces: ReadonlyArray<{ printer: Printer; piece: Piece }>): Promise<void> {
  const copy = await tx`copy log_lines (app_id, at, source, replica, release, stream, text) from stdin`.writable()
  const done = once(copy, "finish")
  for (const { printer, piece } of pieces) {
    if (piece.lines.length === 0) continue
    const { appId, id, release } = printer
    const rows = piece.lines.map(({ at, stream, text }) => `${appId}\t${at}\tapp\t${id}\t${release}\t${stream}\t${escaped(text)}\n`)
    if (!copy.write(rows.join(""))) await once(copy, "drain")
  }
  copy.end()
  await done
}

/** As PostgreSQL's text format of COPY wants it. */
function escaped(text: string): string {
  return text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }

async function moveOffsets(tx: TransactionSql, pieces: ReadonlyArray<{ printer: Printer; piece: Piece }>): Promise<void> {
  const moves = pieces.map(({ printer, piece: { before, after } }) => ({
    replica: printer.id,
    ...after,
    file_before: before?.file ?? null,
    position_before: before?.position ?? null,
  }))
  const moved = await tx`
    insert into log_offsets (replica, file, position, partial)
    select replica, file, position, partial from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb)
      as move (replica text, file text, position bigint, partial jsonb)
    on conflict (replica) do update set file = excluded.file, position = excluded.position, partial = excluded.partial, updated_at = now()
    where exists (select from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb)
        as move (replica text, file_before text, position_before bigint)
      where move.replica = log_offsets.replica and file_before = log_offsets.file and position_before = log_offsets.position)
    returning replica`
  if (moved.length !== moves.length) throw new MovedOffset("another logger stored these lines")
}
