import { expect, it } from "vitest"
import type { AppRow } from "@/server/apps/views"
import { matching } from "./matching"
import type { AppQuery } from "./use-app-query"

const all: AppQuery = { q: "", state: "all", owner: "all", sort: "state" }

function app(name: string, over: Partial<AppRow> = {}): AppRow {
  const release = { version: 3, summary: "Deploy", commit: "1a2b3c4d", by: null, at: "2026-01-01T00:00:00.000Z" }
  const rest = { url: "", role: "owner" as const, owner: "ada@example.com", sentence: "", size: 0.5, wanted: 1, running: 1, createdAt: "" }
  return { name, state: "healthy", release, ...rest, ...over }
}

const names = (apps: AppRow[]) => apps.map(({ name }) => name)

it("puts what is in trouble first, then goes by name", () => {
  const apps = [app("b"), app("z", { state: "down" }), app("a")]
  expect(names(matching(apps, all))).toEqual(["z", "a", "b"])
  expect(names(matching(apps, { ...all, sort: "name" }))).toEqual(["a", "b", "z"])
})

it("finds by name, owner and commit", () => {
  const apps = [app("shop"), app("blog", { owner: "bob@example.com" }), app("api", { release: { ...app("x").release, commit: "ffff000" } })]
  expect(names(matching(apps, { ...all, q: "sho" }))).toEqual(["shop"])
  expect(names(matching(apps, { ...all, q: "BOB" }))).toEqual(["blog"])
  expect(names(matching(apps, { ...all, q: "ffff" }))).toEqual(["api"])
})

it("keeps one's own apart from those that are shared", () => {
  const apps = [app("own"), app("shared", { role: "viewer" })]
  expect(names(matching(apps, { ...all, owner: "mine" }))).toEqual(["own"])
  expect(names(matching(apps, { ...all, owner: "shared" }))).toEqual(["shared"])
})
