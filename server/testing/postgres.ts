import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { startPostgres } from "@/server/postgres/embedded"

export interface TestPostgres {
  /** The folder of its socket. */
  url: string
  stop(): Promise<void>
}

/** A real server of its own, gone at the end. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dir = mkdtempSync(path.join(tmpdir(), "phial-pg-"))
  const socketDir = path.join(dir, "run")
  const server = await startPostgres({ root: process.cwd(), data: path.join(dir, "data"), socketDir, unsafe: true })
  return {
    url: socketDir,
    stop: async () => {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
