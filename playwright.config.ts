import { defineConfig } from "@playwright/test"

export default defineConfig({
  testDir: "./e2e",
  testMatch: "*.spec.ts",
  // One platform runs below all journeys: they share a machine of two cores.
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  globalSetup: "./e2e/global-setup.ts",
  reporter: [["list"]],
  use: {
    launchOptions: { executablePath: process.env.PHIAL_CHROMIUM ?? "/usr/bin/chromium" },
    trace: "retain-on-failure",
  },
})
