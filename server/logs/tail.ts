import { type FSWatcher, watch } from "node:fs"
import { type FileHandle, open, stat } from "node:fs/promises"
import { type Partials, type PrintedLine, readPrinted, unfinished } from "./conmon"

/** A replica whose output is collected. */
export interface Printer {
  id: string
  appId: string
  /** The version of its release. */
  release: number
  logFile: string
}

/** How far its output is stored. */
export interface Offset {
  file: string
  position: number
  partial: Partials
}

/** What was read, and how far one is once it is stored. */
export interface Piece {
  lines: PrintedLine[]
  before: Offset | null
  after: Offset
}

const CHUNK_BYTES = 262_144

/** Not by the inode alone: its number is used again at once. Pure. */
export const fileId = ({ ino, birthtimeNs }: { ino: bigint; birthtimeNs: bigint }) => `${ino}:${birthtimeNs}`

/** Reads one replica's file from where the database says, and keeps it open: also what is removed meanwhile is read to its end. */
export class Tail {
  readonly printer: Printer
  #stored: Offset | null
  #handle: FileHandle | null = null
  #watcher: FSWatcher | null = null
  #onChange: () => void
  /** Of the open file. */
  #file = ""

  constructor(printer: Printer, stored: Offset | null, onChange: () => void) {
    this.printer = printer
    this.#stored = stored
    this.#onChange = onChange
  }

  /** @returns `null` when nothing new was printed. Repeatable until `advance`. */
  async read(): Promise<Piece | null> {
    const piece = await this.#readOpen()
    if (piece) return piece
    if (!(await this.#openNewest())) return null
    return this.#readOpen()
  }

  /** The line that the replica's end left unfinished, if there is one. To be asked when nothing more is printed. */
  rest(): Piece | null {
    if (!this.#stored) return null
    const lines = unfinished(this.#stored.partial)
    return lines.length > 0 ? { lines, before: this.#stored, after: { ...this.#stored, partial: {} } } : null
  }

  /** What was read is stored. */
  advance(after: Offset): void {
    this.#stored = after
  }

  async close(): Promise<void> {
    this.#watcher?.close()
    await this.#handle?.close()
    this.#handle = null
  }

  async #readOpen(): Promise<Piece | null> {
    if (!this.#handle) return null
    const isSame = this.#stored?.file === this.#file
    const [position, partial] = isSame && this.#stored ? [this.#stored.position, this.#stored.partial] : [0, {}]
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
    const { bytesRead } = await this.#handle.read(buffer, 0, CHUNK_BYTES, position)
    const { lines, taken: whole, partials } = readPrinted(buffer.subarray(0, bytesRead), partial)
    // conmon's records are far smaller: this is none of its files, and is passed over.
    const taken = whole === 0 && bytesRead === CHUNK_BYTES ? bytesRead : whole
    if (taken === 0) return null
    // A new file after one that ended in the middle of a line: that line will not go on.
    const orphans = isSame || !this.#stored ? [] : unfinished(this.#stored.partial)
    return {
      lines: [...orphans, ...lines],
      before: this.#stored,
      after: { file: this.#file, position: position + taken, partial: partials },
    }
  }

  /** @returns whether there is another file than the open one: conmon starts it anew when it is large, a restart makes a new one. */
  async #openNewest(): Promise<boolean> {
    const found = await stat(this.printer.logFile, { bigint: true }).catch(() => null)
    const file = found ? fileId(found) : ""
    if (!found || (this.#handle && file === this.#file)) return false
    const handle = await open(this.printer.logFile, "r").catch(() => null)
    if (!handle) return false
    const opened = await handle.stat({ bigint: true })
    await this.close()
    this.#handle = handle
    this.#file = fileId(opened)
    this.#watcher = watch(this.printer.logFile, { persistent: false }, this.#onChange)
    this.#watcher.on("error", () => undefined)
    return true
  }
}
