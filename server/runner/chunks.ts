import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"
import type { Home } from "@/server/kernel/home"
import { CHUNKS, overlapsChunk } from "./addresses"
import { exec } from "./exec"
import { ANY_INTERFACE } from "./names"

export const CLAIMS = "/run/phial/chunks"

const rememberedIn = (home: Home) => path.join(home.containers, "network.json")

/**
 * The instance's range of addresses: the one it had before, or a free one. A claim is a file made exclusively that names its
 * home; the claim of a home that no longer exists is free.
 */
export async function claimChunk(home: Home, claims = CLAIMS): Promise<number> {
  await mkdir(claims, { recursive: true })
  const before = await remembered(home)
  const taken = await foreignRoutes()
  const wanted = [...(before === null ? [] : [before]), ...Array.from({ length: CHUNKS }, (_, index) => index)]
  for (const chunk of wanted) {
    if (taken.some((route) => overlapsChunk(route, chunk))) continue
    if (!(await claim(path.join(claims, String(chunk)), home))) continue
    if (chunk !== before) await writeFile(rememberedIn(home), JSON.stringify({ chunk }))
    return chunk
  }
  throw new Error(`No range of addresses is free in 10.128.0.0/9: see ${claims} and the machine's routes.`)
}

async function claim(file: string, home: Home): Promise<boolean> {
  const holder = await holderOf(file)
  if (holder === home.root) return true
  if (holder !== null) {
    if (existsSync(holder)) return false
    await rm(file, { force: true })
  }
  try {
    await writeFile(file, home.root, { flag: "wx" })
    return true
  } catch {
    return false
  }
}

async function holderOf(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null)
}

async function remembered(home: Home): Promise<number | null> {
  const text = await readFile(rememberedIn(home), "utf8").catch(() => "null")
  const parsed = z
    .object({
      chunk: z
        .number()
        .int()
        .min(0)
        .max(CHUNKS - 1),
    })
    .safeParse(JSON.parse(text))
  return parsed.success ? parsed.data.chunk : null
}

/** The machine's own routes, but not those of any instance and not the default one. */
async function foreignRoutes(): Promise<string[]> {
  const Routes = z.array(z.object({ dst: z.string(), dev: z.string().optional() }))
  const routes = Routes.parse(JSON.parse(await exec("ip", ["-4", "-j", "route"])))
  return routes.filter((route) => route.dst !== "default" && !route.dev?.startsWith(ANY_INTERFACE)).map((route) => route.dst)
}
