import { constants, createWriteStream } from "node:fs"
import { chown, lstat, mkdir, open, readdir, rename } from "node:fs/promises"
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
  const target = path.join(machine.home.sources, id)
  const files = await plainFiles(out)
  await mkdir(target, { recursive: true, mode: 0o750 })
  await chown(target, machine.owner.uid, machine.owner.gid)
  for (const file of files) await copy(path.join(out, file), path.join(target, file), machine.owner)
  return { files }
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
  await pipeline(source.createReadStream(), createWriteStream(temporary, { mode: 0o640 }))
  await chown(temporary, owner.uid, owner.gid)
  await rename(temporary, to)
}
