import { execFileSync } from "node:child_process"
import path from "node:path"
import postgres, { type Sql } from "postgres"

/** A transaction that stands at its commit, about to bring rows of a watched app into new states. */
export interface Parked {
  /** Of the session in PostgreSQL. */
  session: number
  transaction: string
  /** The app's number. */
  app: number
  /** `rollouts.checking`, `builds.succeeded`, … */
  states: string[]
}

/** Breakpoints in a platform's own database: nothing of them is in the product, whose processes run as they are. */
export interface Breakpoints {
  sql: Sql
  /** From here on every step of the app stops before its commit. */
  watch(appId: string): Promise<void>
  forget(appId: string): Promise<void>
  parked(): Promise<Parked[]>
  /** By session, the process that uses it. Who is dead uses none. */
  clients(): Map<number, number>
  /** Lets it commit, and returns when it has. */
  pass(parked: readonly Parked[]): Promise<void>
  /** Cuts its session: what it was about to write is lost. */
  lose(parked: readonly Parked[]): Promise<void>
  close(): Promise<void>
}

/** The tables with states, each by the type of its states. */
const WATCHED = { rollouts: "rollout_state", builds: "build_state", one_offs: "one_off_state" } as const
const TABLES = Object.entries(WATCHED)

/** Classes of advisory locks, which tell others what a transaction that nobody can see yet is about to do. */
const AT_GATE = 74_400
const OF_TABLE = 74_401

/**
 * One trigger says at each write which state it brings; another, deferred to the commit, waits there until this very transaction has a
 * permit. So all of a transaction's work is done and none of it is recorded: killed then, it is lost; let go then, it is recorded, and
 * whoever sent it has not yet heard of it. The permits are rows, not locks: they are still asked for after a restart of PostgreSQL.
 */
const INSTALL = `
  create schema faults;
  create table faults.gates (app_id uuid primary key, number int not null, permit xid);
  create function faults.tell() returns trigger language plpgsql as $$
    begin
      if (tg_op = 'INSERT' or new.state is distinct from old.state) and exists (select from faults.gates where app_id = new.app_id) then
        perform pg_advisory_xact_lock_shared(tg_argv[0]::int, array_position(enum_range(new.state), new.state));
      end if;
      return null;
    end $$;
  create function faults.wait() returns trigger language plpgsql as $$
    declare
      gate faults.gates;
    begin
      if tg_op = 'UPDATE' and new.state is not distinct from old.state then return null; end if;
      loop
        select * into gate from faults.gates where app_id = new.app_id;
        exit when not found or gate.permit = pg_current_xact_id()::xid;
        perform pg_advisory_xact_lock_shared(${AT_GATE}, gate.number);
        perform pg_sleep(0.01);
      end loop;
      return null;
    end $$;
  ${TABLES.map(
    ([table], place) => `
      create trigger fault_tell after insert or update of state on ${table} for each row execute function faults.tell(${OF_TABLE + place});
      create constraint trigger fault_wait after insert or update of state on ${table} deferrable initially deferred
        for each row execute function faults.wait();`,
  ).join("")}`

export async function openBreakpoints(home: string): Promise<Breakpoints> {
  const socket = path.join(home, "postgres/run/.s.PGSQL.5432")
  const sql = postgres({ path: socket, username: "phial", database: "phial", max: 4, onnotice: () => undefined, backoff: () => 0.05 })
  await sql.unsafe(INSTALL)

  async function parked(): Promise<Parked[]> {
    const rows = await sql<Array<{ session: number; transaction: string; class: number; value: number }>>`
      select l.pid as session, a.backend_xid::text as transaction, l.classid::int as class, l.objid::int as value
      from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.classid::int between ${AT_GATE} and ${OF_TABLE + TABLES.length} and a.backend_xid is not null`
    const names = await stateNames()
    return rows
      .filter((row) => row.class === AT_GATE)
      .map(({ session, transaction, value: app }) => {
        const told = rows.filter((row) => row.session === session && row.class !== AT_GATE)
        const states = told.map((row) => names.get(`${row.class}/${row.value}`) ?? "?")
        return { session, transaction, app, states: states.sort() }
      })
  }

  let known: Map<string, string> | null = null
  async function stateNames(): Promise<Map<string, string>> {
    if (known) return known
    const names = new Map<string, string>()
    for (const [place, [table, type]] of TABLES.entries()) {
      const [row] = await sql`select enum_range(null::${sql(type)})::text[] as states`
      for (const [index, state] of ((row?.states ?? []) as string[]).entries())
        names.set(`${OF_TABLE + place}/${index + 1}`, `${table}.${state}`)
    }
    known = names
    return names
  }

  /** Until none of them is under way any more. */
  async function untilEnded(some: readonly Parked[]): Promise<void> {
    const transactions = some.map((one) => one.transaction)
    if (transactions.length === 0) return
    while ((await sql`select 1 from pg_stat_activity where backend_xid::text in ${sql(transactions)}`).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  return {
    sql,
    parked,
    clients: () => clientsOf(socket),
    async watch(appId) {
      await sql`insert into faults.gates select id, number from apps where id = ${appId}`
    },
    async forget(appId) {
      await sql`delete from faults.gates where app_id = ${appId}`
    },
    async pass(some) {
      for (const { app, transaction } of some) await sql`update faults.gates set permit = ${transaction}::text::xid where number = ${app}`
      await untilEnded(some)
    },
    async lose(some) {
      for (const { session } of some) await sql`select pg_terminate_backend(${session})`
      await untilEnded(some)
    },
    close: () => sql.end({ timeout: 1 }),
  }
}

/** Which process is at the other end of each session: the kernel knows the two ends of a unix socket. */
function clientsOf(socket: string): Map<number, number> {
  const lines = execFileSync("ss", ["-xpnH"], { encoding: "utf8", maxBuffer: 50_000_000 }).split("\n")
  const ends = lines.flatMap((line) => {
    const [, local = "", own = "", peer = "", rest = ""] = /^\S+\s+ESTAB\s+\d+\s+\d+\s+(\S+) (\d+)\s+\S+ (\d+)(.*)$/.exec(line) ?? []
    return own === "" ? [] : [{ local, own, peer, pids: [...rest.matchAll(/pid=(\d+)/g)].map((match) => Number(match[1])) }]
  })
  const byEnd = new Map(ends.map((end) => [end.own, end]))
  return new Map(
    ends
      .filter(({ local }) => local === socket)
      .flatMap(({ peer, pids }) => {
        const client = byEnd.get(peer)?.pids[0]
        return client === undefined ? [] : pids.map((session) => [session, client] as const)
      }),
  )
}
