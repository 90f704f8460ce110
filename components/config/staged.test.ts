import { expect, it } from "vitest"
import { asInput, stagedInWords } from "./staged"

it("says what a change set does", () => {
  expect(stagedInWords(3, { nextVersion: 13, running: 2, isDeployed: true }).now).toBe(
    "3 keys change; creates v13; replaces 2 replicas one after another.",
  )
  expect(stagedInWords(1, { nextVersion: 4, running: 0, isDeployed: false }).now).toBe("1 key changes; creates v4. Nothing runs yet.")
})

it("tells what is set from what is removed", () => {
  const staged = new Map([
    ["A", "1"],
    ["B", null],
  ])
  expect(asInput(staged)).toEqual({ set: { A: "1" }, unset: ["B"] })
})
