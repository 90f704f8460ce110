import { startTestPostgres } from "./postgres"

/** One real PostgreSQL for a whole test run; each test file makes a database of its own from a migrated template. */
export default async function setup({ provide }: { provide: (key: "postgres", value: string) => void }) {
  const server = await startTestPostgres()
  provide("postgres", server.url)
  return () => server.stop()
}

declare module "vitest" {
  export interface ProvidedContext {
    postgres: string
  }
}
