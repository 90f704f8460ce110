import { once } from "node:events"
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs"
import type { Server } from "node:http"
import path from "node:path"

/**
 * Listens on a unix socket. The name is taken over at once from whoever had it: a former process that was killed leaves a stale one.
 * @param mode of the socket: who may connect.
 */
export async function listenOnSocket(server: Server, file: string, mode: number): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true })
  // Under another name first: nobody connects before the mode is right, and closing removes this name, not that of a successor.
  const fresh = `${file}.new`
  rmSync(fresh, { force: true })
  server.listen(fresh)
  await once(server, "listening")
  chmodSync(fresh, mode)
  renameSync(fresh, file)
}

/** @throws when the port is taken. */
export async function listenOnPort(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host)
  await once(server, "listening")
}

/** Takes no new requests, lets those under way finish for `graceMs`, then cuts them. Sockets that were upgraded are not waited for. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  let timer: NodeJS.Timeout | undefined
  const isLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs)
  })
  await Promise.race([closed, isLate])
  clearTimeout(timer)
  server.closeAllConnections()
}
