import { randomBytes } from "node:crypto"
import { createConnection, createServer, type Server } from "node:net"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest"
import { listenForever } from "@/server/events"
import { EMBEDDED_DATABASE, homeAt } from "@/server/kernel/home"
import { testDatabase } from "@/server/testing/database"
import { type Connection, connect } from "./client"
import { migrate } from "./migrate"
import { apps } from "./schema"

/** A PostgreSQL elsewhere: the run's own, behind a TCP port. */
let elsewhere: Server
let url: string
const open: Connection[] = []

beforeAll(async () => {
  const path = `${inject("postgres")}/.s.PGSQL.5432`
  elsewhere = createServer((socket) => {
    const inner = createConnection({ path })
    socket.pipe(inner).pipe(socket)
    for (const end of [socket, inner]) end.on("error", () => [socket, inner].forEach((each) => void each.destroy()))
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve))
  const { port } = elsewhere.address() as { port: number }
  const name = `test_${randomBytes(6).toString("hex")}`
  const admin = connectTo(`postgres://${EMBEDDED_DATABASE}@127.0.0.1:${port}/postgres`, 1)
  await admin.sql`create database ${admin.sql(name)}`
  url = `postgres://${EMBEDDED_DATABASE}@127.0.0.1:${port}/${name}`
})
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()))
  elsewhere.close()
})

function connectTo(databaseUrl: string, max = 3): Connection {
  const connection = connect({ databaseUrl, home: homeAt("/nowhere") }, { max })
  open.push(connection)
  return connection
}

it("works on any PostgreSQL by DATABASE_URL: migrations, queries and notices", async () => {
  await migrate(connectTo(url, 1), process.cwd())
  const connection = connectTo(url)
  expect(await connection.db.select().from(apps)).toEqual([])
  const noticed = await new Promise<string>((resolve) => {
    const listening = listenForever(connection.sql, "elsewhere", {
      onNotice: (payload) => void listening.stop().then(() => resolve(payload)),
      onListening: () => void connection.sql`select pg_notify('elsewhere', 'hello')`.execute(),
    })
  })
  expect(noticed).toBe("hello")
})

it("says so when nobody answers there", async () => {
  const connection = connectTo("postgres://phial@127.0.0.1:1/none", 1)
  await expect(connection.sql`select 1`).rejects.toMatchObject({ code: "ECONNREFUSED" })
})

it("leaves nobody waiting when the server ends all connections again and again, and runs nothing outside of its transaction", async () => {
  const [used, other] = [await testDatabase(), await testDatabase()]
  await used.sql`create table marks (round int, place text)`
  const [here] = await used.sql`select current_database() as name`
  const work = (round: number) =>
    used.db.transaction(async (tx) => {
      await tx.execute(sql`insert into marks values (${round}, 'first')`)
      for (let i = 0; i < 20; i++) await tx.execute(sql`select pg_sleep(0.002)`).catch(() => undefined)
      await tx.execute(sql`insert into marks values (${round}, 'last')`)
    })
  for (let round = 0; round < 10; round++) {
    const ended = Promise.allSettled(Array.from({ length: 12 }, () => work(round)))
    await vi.waitUntil(async () => (await sleepersOf(other, here?.name)) > 3, { timeout: 10_000, interval: 5 })
    await other.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${here?.name}`
    await ended
  }
  expect(
    await used.sql`select round from marks group by round having count(*) filter (where place = 'first') <> count(*) filter (where place = 'last')`,
  ).toEqual([])
  for (const connection of [used, other]) await connection.close()
})

async function sleepersOf({ sql: driver }: Connection, database: string): Promise<number> {
  const [row] = await driver`select count(*)::int as many from pg_stat_activity where datname = ${database} and query like '%pg_sleep%'`
  return row?.many ?? 0
}
