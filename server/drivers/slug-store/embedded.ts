import { randomUUID } from "node:crypto"
import { chmod, copyFile, type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises"
import path from "node:path"
import type { Clock } from "@/server/kernel/clock"
import { AppError } from "@/server/kernel/errors"
import { type SecretBox, sameText } from "@/server/kernel/secret"
import { checkedSha256, isSha256, sha256Of } from "./digest"
import type { SlugStore } from "./port"

/** Slugs as files under `dir`, in folders by their first two digits; read through URLs that we sign and the web process serves. */
export function embeddedSlugStore(parts: { dir: string; secrets: SecretBox; clock: Clock }): SlugStore {
  const fileOf = (sha256: string) => path.join(parts.dir, checkedSha256(sha256).slice(0, 2), `${sha256}.tar.zst`)
  const signature = (sha256: string, expires: number) => parts.secrets.digest(`slug ${sha256} ${expires}`)

  return {
    async put(file) {
      const { sha256, sizeBytes } = await sha256Of(file)
      await keep(file, fileOf(sha256))
      return { sha256, sizeBytes }
    },

    async open(sha256) {
      const handle = await open(fileOf(sha256), "r").catch(notFound)
      const { size } = await handle.stat()
      return { stream: handle.createReadStream(), sizeBytes: size }
    },

    async signedUrl(sha256, seconds) {
      const expires = Math.floor(parts.clock.now().getTime() / 1000) + seconds
      return `/api/slugs/${checkedSha256(sha256)}?${new URLSearchParams({ expires: String(expires), signature: signature(sha256, expires) })}`
    },

    verify(sha256, query) {
      const expires = Number(query.get("expires"))
      const isOurs = isSha256(sha256) && sameText(query.get("signature") ?? "", signature(sha256, expires))
      if (!isOurs) throw new AppError("forbidden", "The signature of this URL is wrong.")
      if (expires * 1000 < parts.clock.now().getTime()) throw new AppError("forbidden", "This URL has expired.")
    },

    async remove(sha256) {
      await rm(fileOf(sha256), { force: true })
    },
  }
}

/** Moves the file to its place, which never shows half of it, not even after a power cut. The same bytes stay where they are. */
async function keep(file: string, target: string): Promise<void> {
  if (await exists(target)) return rm(file, { force: true })
  const folder = path.dirname(target)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const near = path.join(folder, `.${randomUUID()}`)
  await move(file, near)
  await chmod(near, 0o600)
  await sync(near)
  await rename(near, target)
  await sync(folder)
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    // Another file system.
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error
    await copyFile(from, to)
    await rm(from)
  }
}

async function sync(what: string): Promise<void> {
  const handle = await open(what, "r")
  await handle.sync().finally(() => handle.close())
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

function notFound(error: NodeJS.ErrnoException): FileHandle {
  if (error.code === "ENOENT") throw new AppError("not_found", "There is no such slug.", { cause: error })
  throw error
}
