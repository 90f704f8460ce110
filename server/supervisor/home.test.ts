import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Env, readEnv } from "@/server/kernel/env"
import { homeAt } from "@/server/kernel/home"
import { faultOfHome, makeFolders, makeSecretKey } from "./folders"
import { dashboardLink } from "./setup-link"

let env: Env
beforeEach(() => {
  env = readEnv({ PHIAL_HOME: mkdtempSync(path.join(tmpdir(), "phial-home-")), PHIAL_PORT: "3000" })
})
afterEach(() => rmSync(env.home.root, { recursive: true, force: true }))

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe("a home", () => {
  it("is closed to other users but for the way to the replicas' socket", () => {
    makeFolders(env.home, null)
    makeFolders(env.home, null)
    const { slugs, repositories, sources, mail, logs, volumes, parts, run } = env.home
    expect([slugs, repositories, sources, mail, logs, volumes, parts].map(modeOf)).toEqual(Array(7).fill("700"))
    expect([env.home.root, run.dir, run.replicaApiDir].map(modeOf)).toEqual(["755", "755", "755"])
  })

  it.skipIf(process.getuid?.() !== 0)("is handed to Phial's user where its parts write, and only there", () => {
    const owner = { name: "nobody", uid: 65534, gid: 65534 }
    makeFolders(env.home, owner)
    makeSecretKey(env, owner)
    const { root, containers, volumes, parts, slugs, logs, run, secretKeyFile } = env.home
    const uids = (files: string[]) => files.map((file) => statSync(file).uid)
    expect(uids([root, containers, volumes, parts])).toEqual([0, 0, 0, 0])
    expect(uids([slugs, logs, run.dir, run.replicaApiDir, secretKeyFile])).toEqual(Array(5).fill(65534))
  })

  it("does not follow a link that lies where a folder should be", () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "phial-elsewhere-"))
    symlinkSync(elsewhere, env.home.logs)
    expect(() => makeFolders(env.home, null)).toThrow()
    rmSync(elsewhere, { recursive: true })
  })

  it("says when its path is too long for a socket", () => {
    expect(faultOfHome(env.home)).toBeNull()
    expect(faultOfHome(homeAt(`/${"long".repeat(30)}`))).toContain("too long")
  })
})

describe("the set-up link", () => {
  it("stays the same until somebody has an account, and is a secret of Phial's user", () => {
    makeFolders(env.home, null)
    const first = dashboardLink(env, null, false)
    expect(first).toEqual({ isSetup: true, url: `http://localhost:3000/setup?token=${readFileSync(env.home.run.setupTokenFile, "utf8")}` })
    expect(dashboardLink(env, null, false)).toEqual(first)
    expect(modeOf(env.home.run.setupTokenFile)).toBe("600")
  })

  it("is gone once there is an account", () => {
    makeFolders(env.home, null)
    dashboardLink(env, null, false)
    expect(dashboardLink(env, null, true)).toEqual({ isSetup: false, url: "http://localhost:3000" })
    expect(() => statSync(env.home.run.setupTokenFile)).toThrow()
  })
})
