import { randomBytes } from "node:crypto"
import { createConnection, createServer, type Server } from "node:net"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { listenForever } from "@/server/events"
import { EMBEDDED_DATABASE, homeAt } from "@/server/kernel/home"
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
