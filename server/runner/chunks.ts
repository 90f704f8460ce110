import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"
import type { Home } from "@/server/kernel/home"
import { CHUNKS, overlapsChunk } from "./addresses"
import { CLAIMS, claims, writeClaim } from "./claims"
import { exec } from "./exec"
import { ANY_INTERFACE } from "./names"

const rememberedIn = (home: Home) => path.join(home.containers, "network.json")

/** The instance's range of addresses: the one it had before, or a free one. To be called under the lock of the claims. */
export async function claimChunk(home: Home, folder = CLAIMS.folder): Promise<number> {
  await mkdir(folder, { recursive: true })
  const before = await remembered(home)
  const routes = await foreignRoutes()
  const others = (await claims(folder)).filter(({ root, isGone }) => root !== home.root && !isGone)
  const wanted = [...(before === null ? [] : [before]), ...Array.from({ length: CHUNKS }, (_, index) => index)]
  const isFree = (chunk: number) => others.every((other) => other.chunk !== chunk) && !routes.some((route) => overlapsChunk(route, chunk))
  const chunk = wanted.find(isFree)
  if (chunk === undefined) throw new Error(`No range of addresses is free in 10.128.0.0/9: see ${folder} and the machine's routes.`)
  await writeClaim(home, chunk, folder)
  if (chunk !== before) await writeFile(rememberedIn(home), JSON.stringify({ chunk }))
  return chunk
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
