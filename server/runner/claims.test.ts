import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, it } from "vitest"
import { homeAt } from "@/server/kernel/home"
import { claimChunk } from "./chunks"
import { claims, writeClaim } from "./claims"

const root = mkdtempSync(path.join(tmpdir(), "phial-claims-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const folder = path.join(root, "claims")
const homeNamed = (name: string) => {
  const home = homeAt(path.join(root, name))
  mkdirSync(home.containers, { recursive: true })
  return home
}

it("two instances have two ranges, and each keeps its own", async () => {
  const [one, two] = [homeNamed("one"), homeNamed("two")]
  const first = await claimChunk(one, folder)
  const second = await claimChunk(two, folder)
  expect(second).not.toBe(first)
  expect(await claimChunk(one, folder)).toBe(first)
})

it("a home that someone deleted is gone; one that another mount namespace may see is not", async () => {
  const deleted = homeNamed("deleted")
  await writeClaim(deleted, 20, folder)
  writeFileSync(path.join(folder, "21"), `${path.join(root, "elsewhere")}\nmnt:[1] 1:2`)
  rmSync(deleted.root, { recursive: true })
  const found = (await claims(folder)).filter(({ chunk }) => chunk >= 20)
  expect(found.map(({ chunk, isGone }) => [chunk, isGone])).toEqual([
    [20, true],
    [21, false],
  ])
})
