import { existsSync } from "node:fs"
import { open, readFile, rename } from "node:fs/promises"
import type { z } from "zod"

/** Writes a small file so that a reader sees all of it or nothing, also after the machine stopped in between. */
export async function writeWhole(file: string, value: unknown, mode = 0o600): Promise<void> {
  const temporary = `${file}.new`
  const handle = await open(temporary, "w", mode)
  try {
    await handle.writeFile(JSON.stringify(value))
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}

/** @returns `null` when the file is not there. @throws ZodError when it is not what it should be. */
export async function readWhole<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  if (!existsSync(file)) return null
  return schema.parse(JSON.parse(await readFile(file, "utf8")))
}
