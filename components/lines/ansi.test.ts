import { expect, it } from "vitest"
import { piecesOf } from "./ansi"
import { plainText } from "./plain-text"

it("gives colours that both themes have", () => {
  expect(piecesOf("\u001b[1;31mno\u001b[0m yes")).toEqual([
    { text: "no", className: "text-bad font-semibold" },
    { text: " yes", className: "" },
  ])
})

it("leaves out what moves a cursor", () => {
  expect(piecesOf("\u001b[2K\u001b[1Gdone\r")).toEqual([{ text: "done", className: "" }])
  expect(plainText("\u001b[32m* \u001b[0mok\u001b[K")).toBe("* ok")
})
