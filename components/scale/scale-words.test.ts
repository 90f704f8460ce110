import { expect, it } from "vitest"
import { dollars, monthlyPrice, scalingInWords, scalingWarning } from "./scale-words"

const facts = { isDeployed: true, drainSeconds: 30 }

it("reckons a month as Gigalixir does", () => {
  expect(dollars(monthlyPrice({ replicas: 1, size: 0.5 }))).toBe("$25")
  expect(dollars(monthlyPrice({ replicas: 3, size: 2 }))).toBe("$300")
})

it("says what scaling does", () => {
  expect(scalingInWords({ replicas: 2, size: 1 }, { replicas: 2, size: 1 }, facts)).toBeNull()
  expect(scalingInWords({ replicas: 1, size: 1 }, { replicas: 3, size: 1 }, facts)).toBe(
    "Starts 2 replicas more; those that run stay as they are.",
  )
  expect(scalingInWords({ replicas: 2, size: 1 }, { replicas: 1, size: 1 }, facts)).toContain(
    "1 replica finishes its requests (up to 30 s) and ends;",
  )
  expect(scalingInWords({ replicas: 2, size: 1 }, { replicas: 2, size: 2 }, facts)).toContain("of the new size")
  expect(scalingInWords({ replicas: 2, size: 1 }, { replicas: 0, size: 1 }, facts)).toContain("nothing serves")
  expect(scalingInWords({ replicas: 0, size: 1 }, { replicas: 1, size: 1 }, { ...facts, isDeployed: false })).toContain("first deploy")
})

it("warns of a single replica", () => {
  expect(scalingWarning({ replicas: 2, size: 1 }, { replicas: 1, size: 1 })).toContain("one replica")
  expect(scalingWarning({ replicas: 1, size: 1 }, { replicas: 2, size: 1 })).toBeNull()
})
