import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type Env, readEnv } from "@/server/kernel/env"
import type { Running } from "./keep-running"
import { nodePart } from "./node-part"
import { livingPart } from "./process-file"

const WITHIN = { timeout: 20_000, interval: 20 }
/** A tenth of a second without a sign. */
const PATIENCE = { lookMs: 20, silentLooks: 5, loadingLooks: 500 }

let home: string
let env: Env
beforeAll(() => {
  home = mkdtempSync("/tmp/phial-part-")
  env = readEnv({ PHIAL_HOME: home, NODE_ENV: "production" })
  mkdirSync(env.home.logs)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** @param script said in the part's own process; `show` gives a sign of life each time. */
async function aPart(name: string, script: string): Promise<Running> {
  const file = path.join(home, `${name}.cjs`)
  writeFileSync(file, `const show = () => process.send("alive"); ${script}`)
  return nodePart({ env, name, script: file, owner: null, patience: PATIENCE }).start()
}

describe("a part of the supervisor", () => {
  it("is killed when it lives and moves no more", async () => {
    const running = await aPart("busy", "show(); setTimeout(() => { for (;;); }, 50)")
    expect(await running.ended).toBe("it did not move any more and was killed")
    expect(livingPart(env.home, "busy")).toBeNull()
  })

  it("is killed when it was stopped from outside", async () => {
    const running = await aPart("stopped", "show(); setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 50)")
    expect(await running.ended).toContain("did not move")
  })

  it("is left alone while it shows that it lives, and while it loads", async () => {
    const [alive, loading] = await Promise.all([aPart("alive", "setInterval(show, 10)"), aPart("loading", "setInterval(() => 0, 1000)")])
    // Its death shows that the watch goes faster than what is asked here.
    await (await aPart("hung", "show(); setInterval(() => 0, 1000)")).ended
    for (const name of ["alive", "loading"]) expect(livingPart(env.home, name)).not.toBeNull()
    for (const running of [alive, loading]) await running.stop()
    await vi.waitFor(() => expect(livingPart(env.home, "alive")).toBeNull(), WITHIN)
  })
})
