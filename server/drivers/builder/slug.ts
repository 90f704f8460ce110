import { readFile, stat } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"
import type { SlugMeta } from "@/db/schema"
import { AppError } from "@/server/kernel/errors"

const Word = z.string().max(200)
const META_BYTES = 100_000

const HotUpgrade = z.discriminatedUnion("isPossible", [
  z.object({
    isPossible: z.literal(true),
    from: z.string().regex(/^[0-9a-f]{64}$/),
    fromVersion: Word,
    toVersion: Word,
    instructions: z.array(z.string().max(2000)).max(500),
  }),
  z.object({ isPossible: z.literal(false), reason: z.string().max(2000) }),
])

/** What `stack/build` writes down. Checked, as foreign buildpacks run beside it. */
const Meta = z.object({
  mode: z.enum(["release", "distillery", "mix", "other"]),
  releaseName: Word,
  version: Word,
  erlang: Word,
  elixir: Word,
  erts: Word,
  processTypes: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,60}$/), z.string().max(4096)).refine((types) => types.web, "no web"),
  buildpacks: z.array(z.string().max(1000)).max(50),
  hotUpgrade: HotUpgrade.exactOptional(),
}) satisfies z.ZodType<SlugMeta>

/** @param dir what a build left. @throws AppError with a sentence for the pusher. */
export async function readSlug(dir: string, maxBytes: number): Promise<{ file: string; meta: SlugMeta }> {
  const file = path.join(dir, "slug.tar.zst")
  if ((await stat(file)).size > maxBytes) throw new AppError("invalid", `The slug is larger than ${maxBytes / 1_000_000} MB.`)
  return { file, meta: await readMeta(path.join(dir, "meta.json")) }
}

async function readMeta(file: string): Promise<SlugMeta> {
  try {
    if ((await stat(file)).size > META_BYTES) throw new Error("too long")
    return Meta.parse(JSON.parse(await readFile(file, "utf8")))
  } catch (cause) {
    throw new AppError("invalid", "What the build says about its slug cannot be read.", { cause })
  }
}
