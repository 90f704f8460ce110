import { watch } from "node:fs"
import { type FileHandle, mkdir, open, unlink } from "node:fs/promises"
import path from "node:path"

export interface Spool {
  fd: number
  /**
   * Gives what is written, as it is written, until `isOver` says that nothing more comes and all was read, or `write` answers false.
   * @param isOver asked before each read.
   */
  follow(isOver: () => boolean, write: (chunk: Buffer) => Promise<boolean>): Promise<void>
  /** To be called when that which `isOver` tells of has changed. */
  nudge(): void
  text(): Promise<string>
  close(): Promise<void>
}

const CHUNK_BYTES = 65_536
/** Repairs a notice of the kernel's that did not come. */
const LONGEST_REST_MS = 1_000

/**
 * A file without a name, for a child process to write into. A pipe would end the child when we end; this lets it finish, and leaves
 * nothing behind.
 */
export async function openSpool(dir: string, name: string): Promise<Spool> {
  await mkdir(dir, { recursive: true })
  const file = path.join(dir, name)
  const handle = await open(file, "wx+", 0o600)
  let nudge: () => void = () => undefined
  const watcher = watch(file, { persistent: false }, () => nudge())
  watcher.on("error", () => undefined)
  await unlink(file)

  async function follow(isOver: () => boolean, write: (chunk: Buffer) => Promise<boolean>): Promise<void> {
    let position = 0
    for (;;) {
      const nudged = new Promise<void>((resolve) => {
        nudge = resolve
      })
      const wasOver = isOver()
      const chunk = await readAt(handle, position)
      position += chunk.length
      if (chunk.length > 0) {
        if (!(await write(chunk))) return
      } else if (wasOver) return
      else await soon(nudged)
    }
  }

  return {
    fd: handle.fd,
    follow,
    nudge: () => nudge(),
    text: async () => (await readAt(handle, 0)).toString(),
    close: async () => {
      watcher.close()
      await handle.close()
    },
  }
}

async function readAt(handle: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position)
  return buffer.subarray(0, bytesRead)
}

async function soon(nudged: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const rested = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_REST_MS)
  })
  await Promise.race([nudged, rested])
  clearTimeout(timer)
}
