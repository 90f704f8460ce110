import { closeSync, constants, fchownSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs"
import type { Owner } from "./owner"

const LOG_BYTES = 10_000_000
const LOOK_MS = 60_000
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR, O_TRUNC } = constants

export interface PartLog {
  /** To be given to the part as its output. */
  fd: number
  /** After the part's end. */
  close(): void
}

/**
 * The file that a part writes to, also when the supervisor is gone. Grown large, it is copied aside, one generation, and emptied:
 * who appends goes on in the empty file. No links are followed, as the folder is not root's.
 */
export function openPartLog(file: string, owner: Owner | null): PartLog {
  const fd = openFile(file, owner)
  trim(fd, file, owner)
  const timer = setInterval(() => trim(fd, file, owner), LOOK_MS)
  timer.unref()
  return {
    fd,
    close: () => {
      clearInterval(timer)
      closeSync(fd)
    },
  }
}

/** @param atMost bytes that may stay. */
export function trim(fd: number, file: string, owner: Owner | null, atMost = LOG_BYTES): void {
  const { size } = fstatSync(fd)
  if (size <= atMost) return
  const content = Buffer.alloc(Math.min(size, LOG_BYTES))
  const read = readSync(fd, content, 0, content.length, size - content.length)
  const aside = openFile(`${file}.1`, owner, O_TRUNC)
  writeSync(aside, content.subarray(0, read))
  closeSync(aside)
  ftruncateSync(fd, 0)
}

function openFile(file: string, owner: Owner | null, flags = 0): number {
  const fd = openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | flags, 0o640)
  if (owner) fchownSync(fd, owner.uid, owner.gid)
  return fd
}
