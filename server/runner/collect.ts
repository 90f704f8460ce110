import { constants } from "node:fs"
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises"
import path from "node:path"
import { pipeline } from "node:stream/promises"
import { AppError } from "@/server/kernel/errors"
import { readContainer } from "./containers"
import type { Machine } from "./machine"
import { volumeMount } from "./names"

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/**
 * Copies what a build left in /build/out to `<sources>/<id>/`. What is there was made by strangers: only plain files with plain
 * names, never through a link. Repeatable until the app's next build begins.
 */
export async function collect(machine: Machine, id: string): Promise<{ files: string[] }> {
  const build = await readContainer(machine, id)
  if (build?.kind !== "build") throw new AppError("not_found", `There is no build ${id}.`)
  if (build.state !== "ended") throw new AppError("conflict", `The build ${id} has not ended.`)
  const out = path.join(volumeMount(machine.home, build.app), "out")
  const files = await plainFiles(out)
  const target = await openTarget(path.join(machine.home.sources, id), machine.owner)
  try {
    for (const file of files) await copy(path.join(out, file), `/proc/self/fd/${target.fd}/${file}`, machine.owner)
  } finally {
    await target.close()
  }
  return { files }
}

/** By descriptor: the folder around it is Phial's user's, who might put a link to something of root's in its place. */
async function openTarget(dir: string, owner: Machine["owner"]): Promise<FileHandle> {
  await mkdir(dir, { mode: 0o750 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  const target = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  await target.chown(owner.uid, owner.gid)
  return target
}

async function plainFiles(dir: string): Promise<string[]> {
  if (!(await lstat(dir).catch(() => null))?.isDirectory()) return []
  const entries = await readdir(dir, { withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && FILE_NAME.test(entry.name)).map((entry) => entry.name)
}

async function copy(from: string, to: string, owner: Machine["owner"]): Promise<void> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  if (!(await source.stat()).isFile()) return source.close()
  const temporary = `${to}.new`
  await rm(temporary, { force: true })
  const target = await open(temporary, "wx", 0o640)
  await target.chown(owner.uid, owner.gid)
  await pipeline(source.createReadStream(), target.createWriteStream())
  await rename(temporary, to)
}
