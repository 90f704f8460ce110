import { expect, it } from "vitest"
import { groupsOf, rowsOf } from "./phase-groups"

const phase = (name: string) => ({ name, startedAt: "2026-01-01T00:00:00.000Z", endedAt: null })
const lines = (...names: string[]) => names.map((name) => ({ phase: name }))

it("puts each line under its phase, phases that printed nothing between them", () => {
  const groups = groupsOf(lines("", "a", "a", "c"), [phase("a"), phase("b"), phase("c"), phase("d")])
  expect(groups.map(({ name, from, to }) => [name, from, to])).toEqual([
    ["", 0, 1],
    ["a", 1, 3],
    ["b", 3, 3],
    ["c", 3, 4],
    ["d", 4, 4],
  ])
})

it("keeps two phases of the same name apart when another lies between them", () => {
  const groups = groupsOf(lines("a", "b", "a"), [phase("a"), phase("b"), phase("a")])
  expect(groups).toHaveLength(3)
})

it("draws the lines of open phases only", () => {
  const groups = groupsOf(lines("a", "a", "b"), [phase("a"), phase("b")])
  expect(rowsOf(groups, (_, i) => i === 1)).toEqual([{ group: 0 }, { group: 1 }, { line: 2 }])
})
