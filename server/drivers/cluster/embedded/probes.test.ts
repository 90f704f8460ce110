import { createServer, type Server } from "node:http"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { defaultSettings } from "@/server/apps/settings"
import { APP_PORT } from "./plan"
import { Probes } from "./probes"

/** Loopback addresses of this test's own: the port is the one that every app has. */
const LISTENS = "127.77.0.1"
const DEAF = "127.77.0.2"
const tcp = defaultSettings.check
const http = { ...tcp, kind: "http" as const, path: "/ready" }
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000)

describe("probes", () => {
  let server: Server
  let status = 200
  let asked = 0
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked++
      response.writeHead(request.url === "/ready" ? status : 404).end()
    })
    await new Promise<void>((resolve) => server.listen(APP_PORT, LISTENS, resolve))
  })
  afterAll(() => server.close())

  it("count in a row who accepts a connection and who does not", async () => {
    const probes = new Probes()
    const both = [
      { id: "well", address: LISTENS },
      { id: "deaf", address: DEAF },
    ]
    // A look waits for a moment only: on a busy machine the answer may belong to the next.
    const failed = (times: number) => async () => (await probes.look(both, tcp, at(times - 1))).get("deaf")?.failures === times
    await vi.waitUntil(failed(1), 10_000)
    await vi.waitUntil(failed(2), 10_000)
    const found = await probes.look(both, tcp, at(1))
    expect(found.get("well")).toEqual({ successes: 2, failures: 0, failingSince: null })
    expect(found.get("deaf")).toMatchObject({ successes: 0, failingSince: at(0) })
  })

  it("take a good answer for well, and a bad one for failing from then on", async () => {
    const probes = new Probes()
    const one = [{ id: "one", address: LISTENS }]
    status = 302
    expect((await probes.look(one, http, at(0))).get("one")?.successes).toBe(1)
    status = 503
    expect((await probes.look(one, http, at(1))).get("one")).toEqual({ successes: 0, failures: 1, failingSince: at(1) })
    status = 200
    expect((await probes.look(one, http, at(2))).get("one")).toEqual({ successes: 1, failures: 0, failingSince: null })
  })

  it("take only the expected status, or one of the expected range, for well", async () => {
    const isWell = async (expectedStatus: string) =>
      (await new Probes().look([{ id: "one", address: LISTENS }], { ...http, expectedStatus }, at(0))).get("one")?.successes === 1
    status = 204
    expect([await isWell("204"), await isWell("200-299"), await isWell("200"), await isWell("300-399")]).toEqual([true, true, false, false])
    status = 503
    expect([await isWell("503"), await isWell("200-399")]).toEqual([true, false])
    status = 200
  })

  it("ask who is well only once an interval, and forget who is gone", async () => {
    const probes = new Probes()
    const one = [{ id: "one", address: LISTENS }]
    await probes.look(one, http, at(0))
    const before = asked
    await probes.look(one, http, at(0.5))
    expect(asked).toBe(before)
    await probes.look([], http, at(1))
    expect((await probes.look(one, http, at(1))).get("one")?.successes).toBe(1)
  })
})
