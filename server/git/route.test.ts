import { expect, it } from "vitest"
import { gitRoute } from "./route"

it("reads the forms that remotes are written in", () => {
  const push = { kind: "advertise", app: "shop", service: "receive-pack", isVersion2: false }
  for (const base of ["/git/shop.git", "/git/shop", "/shop.git", "/git/shop.git/", "/git/Shop.git"]) {
    expect(gitRoute("GET", `${base}/info/refs?service=git-receive-pack`, undefined)).toEqual(push)
  }
  expect(gitRoute("POST", "/git/shop.git/git-upload-pack", "version=2")).toEqual({ kind: "serve", app: "shop", service: "upload-pack" })
  expect(gitRoute("GET", "/git/shop.git/info/refs?service=git-upload-pack", "version=2")).toMatchObject({ isVersion2: true })
})

it("leaves the rest to others, and knows no dumb protocol", () => {
  expect(gitRoute("GET", "/apps/shop", undefined)).toBeNull()
  expect(gitRoute("GET", "/", undefined)).toBeNull()
  for (const path of ["/git/shop.git/HEAD", "/git/shop.git/info/refs", "/git/shop.git", "/git/shop.git/objects/aa/bb"]) {
    expect(gitRoute("GET", path, undefined)).toEqual({ kind: "unknown" })
  }
})
