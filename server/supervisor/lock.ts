import { createServer } from "node:net"
import type { Home } from "@/server/kernel/home"

/**
 * Makes sure that one supervisor runs a home. The lock is a socket in Linux's abstract namespace: it is taken by one
 * process at a time and is gone with it, whatever ends it, so there is no stale lock to judge.
 * @returns whether it is ours until this process ends.
 */
export function lockHome(home: Home): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)))
    server.listen(`\0phial-${home.id}`, () => resolve(true))
  })
}
