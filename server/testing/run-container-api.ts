import { chmodSync, createReadStream, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { Home } from "@/server/kernel/home"

/** Plays the platform's half of the run-container API for tests of what is on the other side of its socket. */
export interface TestApi {
  /** Over the platform's own variables; the tests change it before they start a replica. */
  config: Record<string, string>
  /** One a line. */
  sshKeys: string
  /** What a run container evaluates to migrate. */
  migrateCommand: string
  /** Where the release says that its slug is; here, when it is `null`. */
  slugUrl: string | null
  /** By version; any other is of the slug that it was made with. */
  releases: Map<string, TestRelease>
  asked: string[]
  close(): void
}

interface Slug {
  file: string
  sha256: string
}

export interface TestRelease extends Slug {
  name: string
  config: Record<string, string>
  slugUrl?: string | null
}

export async function testApi(home: Home, slug: Slug): Promise<TestApi> {
  const api: TestApi = {
    config: {},
    sshKeys: "",
    migrateCommand: "",
    slugUrl: null,
    releases: new Map(),
    asked: [],
    close: () => server.close(),
  }
  const releaseOf = (version: string | null) =>
    api.releases.get(version ?? "") ?? { ...slug, name: "hello", config: api.config, slugUrl: api.slugUrl }
  const fileOf = (path: string) => [...api.releases.values()].find(({ sha256 }) => path.endsWith(sha256))?.file ?? slug.file
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://platform")
    api.asked.push(url.pathname + url.search)
    if (url.pathname.startsWith("/api/slugs/")) createReadStream(fileOf(url.pathname)).pipe(response)
    else if (!request.headers.authorization?.startsWith("Basic ")) response.writeHead(401).end()
    else if (url.pathname.endsWith("/ssh_keys")) response.end(api.sshKeys)
    else if (url.pathname.endsWith("/releases/migrate-command")) response.end(api.migrateCommand)
    else if (url.pathname.endsWith("/releases/current")) response.end(env0(releaseOf(url.searchParams.get("version"))))
    else response.writeHead(404).end()
  })
  rmSync(home.run.replicaApiSocket, { force: true })
  await new Promise<void>((resolve) => server.listen(home.run.replicaApiSocket, resolve))
  chmodSync(home.run.replicaApiSocket, 0o666)
  return api
}

function env0({ sha256, name, config, slugUrl }: TestRelease): string {
  const platform = {
    ...{ PHIAL__SLUG_URL: slugUrl ?? `/api/slugs/${sha256}?signature=x`, PHIAL__SLUG_SHA256: sha256 },
    ...{ PHIAL__CUSTOMER_APP_NAME: name, PHIAL__PROCESS_COMMAND: `bin/${name} start` },
    ...{ SECRET_KEY_BASE: "s".repeat(64), ERLANG_COOKIE: "a-cookie", PHX_SERVER: "true" },
  }
  return `${records(platform)}\0${records(config)}`
}

const records = (pairs: Record<string, string>) =>
  Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}\0`)
    .join("")
