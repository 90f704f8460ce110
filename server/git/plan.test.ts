import { expect, it } from "vitest"
import { planOf, updatesFrom } from "./plan"

const ZERO = "0".repeat(40)
const [A, B] = ["a".repeat(40), "b".repeat(40)]
const push = (...refs: Array<[ref: string, after: string]>) => planOf(refs.map(([ref, after]) => ({ before: ZERO, after, ref })))

it("builds main or master", () => {
  expect(push(["refs/heads/main", A]).build).toEqual({ commit: A, branch: "main", refs: ["refs/heads/main"] })
  expect(push(["refs/heads/master", A]).build).toMatchObject({ commit: A, branch: "master" })
})

it("builds once when both name one commit, and neither when they differ", () => {
  const both = push(["refs/heads/main", A], ["refs/heads/master", A])
  expect(both.build).toEqual({ commit: A, branch: "main", refs: ["refs/heads/main", "refs/heads/master"] })
  const differing = push(["refs/heads/main", A], ["refs/heads/master", B])
  expect(differing.build).toBeNull()
  expect([...differing.refused.keys()]).toEqual(["refs/heads/main", "refs/heads/master"])
})

it("refuses other branches with what to type, and takes main beside them", () => {
  const plan = push(["refs/heads/main", A], ["refs/heads/topic", B])
  expect(plan.build?.refs).toEqual(["refs/heads/main"])
  expect(plan.refused.get("refs/heads/topic")).toContain("git push <remote> topic:main")
})

it("keeps tags without a build, refuses to delete a branch and what is neither", () => {
  expect(push(["refs/tags/v1", A])).toEqual({ build: null, refused: new Map() })
  expect(push(["refs/heads/main", ZERO]).refused.get("refs/heads/main")).toContain("cannot be deleted")
  expect(push(["refs/notes/x", A]).refused.size).toBe(1)
})

it("reads what git gives its hooks", () => {
  expect(updatesFrom(`${ZERO} ${A} refs/heads/main\n`)).toEqual([{ before: ZERO, after: A, ref: "refs/heads/main" }])
})
