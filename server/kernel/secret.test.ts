import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { Secret, SecretBox } from "./secret"

const key = (fill: number) => Buffer.alloc(32, fill).toString("base64")

describe("SecretBox", () => {
  it("opens what it sealed, and seals the same value differently each time", () => {
    const box = new SecretBox([key(1)])
    expect(box.open(box.seal("s3cret"))?.reveal()).toBe("s3cret")
    expect(box.seal("s3cret")).not.toBe(box.seal("s3cret"))
  })

  it("opens with an older key after a rotation, and seals with the new one", () => {
    const old = new SecretBox([key(1)]).seal("kept")
    const rotated = new SecretBox([key(2), key(1)])
    expect(rotated.open(old)?.reveal()).toBe("kept")
    expect(new SecretBox([key(2)]).open(rotated.seal("new"))?.reveal()).toBe("new")
  })

  it("answers null for a changed value, a foreign key or rubbish", () => {
    const box = new SecretBox([key(1)])
    const sealed = box.seal("kept")
    expect(box.open(`${sealed.slice(0, -2)}AA`)).toBeNull()
    expect(new SecretBox([key(3)]).open(sealed)).toBeNull()
    expect(box.open("rubbish")).toBeNull()
  })
})

describe("Secret", () => {
  it("does not show itself in text, in an inspection or in JSON", () => {
    const secret = new Secret("hunter2")
    expect(`${secret} ${inspect({ secret })}`).not.toContain("hunter2")
    expect(() => JSON.stringify({ secret })).toThrow()
  })
})
