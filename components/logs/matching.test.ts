import { expect, it } from "vitest"
import type { LogLineView } from "@/server/logs/views"
import { matching } from "./matching"

const line = (id: number, over: Partial<LogLineView>): LogLineView => ({
  ...{ id, at: "2026-01-01T00:00:00.000Z", source: "app", replica: "shop-1", release: 3, stream: "stdout", text: "" },
  ...over,
})
const lines = [
  line(1, { text: "\u001b[32mGET\u001b[0m /cart" }),
  line(2, { source: "platform", replica: "", text: "started" }),
  line(3, { replica: "shop-2" }),
]

it("lets through what has the text, the source and the replica", () => {
  const all = { q: "", source: "all" as const, replica: "" }
  expect(matching(lines, all)).toHaveLength(3)
  expect(matching(lines, { ...all, q: "get /CART" }).map(({ id }) => id)).toEqual([1])
  expect(matching(lines, { ...all, source: "platform" }).map(({ id }) => id)).toEqual([2])
  expect(matching(lines, { ...all, replica: "shop-2" }).map(({ id }) => id)).toEqual([3])
})
