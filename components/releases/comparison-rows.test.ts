import { expect, it } from "vitest"
import type { ComparedRelease } from "@/server/releases/comparison-view"
import { comparisonRows, differs } from "./comparison-rows"

const meta = {
  mode: "release" as const,
  ...{ releaseName: "shop", version: "0.1.0", erlang: "27.3", elixir: "1.18.3", erts: "15.2" },
  processTypes: { web: "bin/shop start" },
  buildpacks: ["elixir", "releases"],
}
const slug = { commit: "c0ffee12".repeat(5), sha256: "ab".repeat(32), sizeBytes: 5_000_000, stack: "debian-13", meta }
const release = (over: Partial<ComparedRelease>): ComparedRelease => ({
  ...{ version: 3, kind: "deploy", summary: "Deploy c0ffee1", rollbackTo: null, by: "ada@example.com", at: "2026-01-01T00:00:00.000Z" },
  ...{ slug, message: "Greet" },
  ...over,
})

it("tells what differs and by how much, also what only one has", () => {
  const larger = { ...slug, sizeBytes: 6_000_000, meta: { ...meta, elixir: "1.19.0", processTypes: { ...meta.processTypes, worker: "w" } } }
  const rows = comparisonRows(release({}), release({ version: 5, slug: larger }))
  expect(rows.filter(differs)).toMatchObject([
    { name: "Elixir", from: "1.18.3", to: "1.19.0" },
    { name: "Process type worker", from: null, to: "w" },
    { name: "Slug", from: "5.0 MB", to: "6.0 MB", note: "1.0 MB larger (+20 %)" },
  ])
})

it("has no line for what neither has", () => {
  const empty = release({ kind: "initial", slug: null, message: null })
  expect(comparisonRows(empty, empty).map(({ name }) => name)).toEqual(["Kind"])
})
