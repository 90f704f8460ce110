import { expect, it } from "vitest"
import type { PaletteGroup } from "./command-palette"
import { matchingGroups } from "./palette-match"

const item = (label: string, keywords: string[] = []) => ({ id: label, label, keywords, run: () => undefined })
const groups: PaletteGroup[] = [
  { heading: "shop", items: [item("Overview"), item("Config", ["environment"])] },
  { heading: "Apps", items: [item("workshop"), item("shop-staging")] },
]
const labels = (typed: string) => matchingGroups(groups, typed).map(({ items }) => items.map(({ label }) => label))

it("finds by name, by other words and by heading, and leaves out empty groups", () => {
  expect(labels("env")).toEqual([["Config"]])
  expect(labels("shop conf")).toEqual([["Config"]])
  expect(labels("nothing")).toEqual([])
})

it("puts first what begins with what was typed", () => {
  expect(labels("shop")[1]).toEqual(["shop-staging", "workshop"])
})
