import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: {
    alias: {
      "@": fileURLToPath(new URL(".", import.meta.url)),
      // It throws outside of Next; tests call route handlers as the plain functions that they are.
      "server-only": fileURLToPath(new URL("node_modules/server-only/empty.js", import.meta.url)),
    },
  },
  test: {
    include: ["{app,components,server,db,scripts,stack,bench}/**/*.test.{ts,tsx}"],
    globalSetup: ["server/testing/global-setup.ts"],
    // Real PostgreSQL, containers and HAProxy answer in their own time on a busy two-core machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
})
