import { expect, it } from "vitest"
import { isSameOrigin } from "./origin"

const from = (headers: Record<string, string>) => isSameOrigin(new Headers(headers))

it("lets through what our own pages send, also behind a proxy that names the host", () => {
  expect(from({ origin: "http://localhost:3000", host: "localhost:3000" })).toBe(true)
  expect(from({ origin: "https://phial.example.com", host: "127.0.0.1:3000", "x-forwarded-host": "phial.example.com" })).toBe(true)
})

it("refuses other sites, apps on a subdomain, another port, no origin and an opaque one", () => {
  for (const origin of ["https://evil.example", "http://app.localhost:3000", "http://localhost:8080", "null", "", "localhost:3000"]) {
    expect(from({ origin, host: "localhost:3000" }), origin).toBe(false)
  }
  expect(from({ host: "localhost:3000" })).toBe(false)
  expect(from({ origin: "http://localhost:3000" })).toBe(false)
})
