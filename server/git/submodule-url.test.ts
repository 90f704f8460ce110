import { expect, it } from "vitest"
import { siblingNamed, submoduleUrl } from "./submodule-url"

const PARENT = "http://phial.test:3000/git/shop.git"

it("resolves what .gitmodules says as git does, and takes http and https only", () => {
  expect(submoduleUrl(PARENT, "../lib.git")).toBe("http://phial.test:3000/git/lib.git")
  expect(submoduleUrl(PARENT, "https://example.com/lib.git")).toBe("https://example.com/lib.git")
  expect(submoduleUrl(PARENT, "https://example.com/lib/")).toBe("https://example.com/lib")
  for (const other of ["git@example.com:lib.git", "ssh://example.com/lib", "file:///etc", "/srv/lib", "lib"]) {
    expect(submoduleUrl(PARENT, other)).toBeNull()
  }
})

it("knows the platform's own repositories", () => {
  const gitUrl = "http://phial.test:3000/git/"
  expect(siblingNamed(gitUrl, "http://phial.test:3000/git/lib.git")).toBe("lib")
  expect(siblingNamed(gitUrl, "http://phial.test:3000/git/lib")).toBe("lib")
  expect(siblingNamed(gitUrl, "http://phial.test:4000/git/lib.git")).toBeNull()
  expect(siblingNamed(gitUrl, "https://example.com/git/lib.git")).toBeNull()
})
