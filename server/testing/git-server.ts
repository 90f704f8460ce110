import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import http, { type Server } from "node:http"
import { tmpdir } from "node:os"
import path from "node:path"
import { eq } from "drizzle-orm"
import { build as bundle } from "esbuild"
import type { Connection } from "@/db/client"
import { apiKeys, buildOutput, builds, logLines, oneOffs, releases, rollouts, slugs } from "@/db/schema"
import type { App } from "@/server/access"
import { type Hub, makeHub } from "@/server/events"
import { gitHandler, hookHandler } from "@/server/git"
import type { Ctx } from "@/server/kernel/context"
import { readEnv } from "@/server/kernel/env"
import { hashToken, newToken } from "@/server/kernel/secret"
import { addOneOff } from "@/server/one-offs"
import { addRelease, type Release, startRollout } from "@/server/releases"
import { guarded } from "@/server/web/front"
import { closeServer, listenOnPort, listenOnSocket } from "@/server/web/listen"
import { testParts } from "./people"

export interface Answer {
  code: number
  /** What git shows the person. */
  said: string
}

export interface GitServer {
  port: number
  home: string
  hub: Hub
  repository(app: App): string
  remote(who: Ctx & { email: string }, app: App): Promise<string>
  /** Ends what answers the hooks, as a restart of the web process does. */
  stopHooks(): Promise<void>
  startHooks(): Promise<void>
  close(): Promise<void>
}

/** The real git server with its real hooks, on loopback, without Next. */
export async function gitServer(connection: Connection): Promise<GitServer> {
  const home = mkdtempSync(path.join(tmpdir(), "phial-git-"))
  const hookProgram = path.join(home, "dist/hook.js")
  await bundle({
    ...{ entryPoints: ["server/main/hook.ts"], outfile: hookProgram, bundle: true, platform: "node", format: "esm", target: "node20" },
    ...{ tsconfig: "tsconfig.json", logLevel: "error" },
  })
  writeFileSync(path.join(home, "dist/package.json"), '{"type":"module"}')
  const hub = makeHub(connection)
  const parts = testParts(connection)
  const publicServer = http.createServer((request, response) => {
    if (!git(request, response)) response.writeHead(404).end()
  })
  await listenOnPort(publicServer, 0, "127.0.0.1")
  const address = publicServer.address()
  const port = typeof address === "object" && address ? address.port : 0
  const env = readEnv({ PHIAL_HOME: home, PHIAL_PORT: String(port) })
  const hookSocket = env.home.run.hookSocket
  const git = gitHandler({
    ...parts,
    paths: {
      repositories: env.home.repositories,
      sources: env.home.sources,
      spools: env.home.run.dir,
      hooks: path.resolve("server/git/hooks"),
      hookProgram,
      hookSocket,
      gitUrl: `${env.url}/git/`,
    },
  })
  let hooks: Server | null = null
  const startHooks = async () => {
    hooks = http.createServer(guarded(hookHandler({ ...parts, hub, env, repositories: env.home.repositories }), () => undefined))
    await listenOnSocket(hooks, hookSocket, 0o600)
  }
  const stopHooks = async () => {
    if (hooks) await closeServer(hooks, 0)
    hooks = null
  }
  await startHooks()
  return {
    port,
    home,
    hub,
    repository: (app) => path.join(env.home.repositories, `${app.id}.git`),
    remote: async (who, app) => `http://${encodeURIComponent(who.email)}:${await keyOf(who)}@127.0.0.1:${port}/git/${app.name}.git`,
    startHooks,
    stopHooks,
    close: async () => {
      await Promise.all([closeServer(publicServer, 0), stopHooks(), hub.close()])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** An API key of theirs. */
export async function keyOf(who: Ctx & { userId?: string }): Promise<string> {
  const key = newToken()
  const userId = who.actor.kind === "person" ? who.actor.userId : ""
  await who.db.insert(apiKeys).values({ userId, name: "test", keyHash: hashToken(key), prefix: key.slice(0, 4) })
  return key
}

const PERSON = [
  "-c",
  "user.name=Ada",
  "-c",
  "user.email=ada@example.com",
  "-c",
  "init.defaultBranch=main",
  "-c",
  "protocol.file.allow=always",
]
const CLIENT_ENV: NodeJS.ProcessEnv = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" }

/** Runs the real git as a person does. */
export function run(dir: string, ...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile("git", [...PERSON, ...args], { cwd: dir, env: CLIENT_ENV }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` })
    })
  })
}

/** As `run`, but does not wait: for a push that is to be cut off. @returns what was said so far, and the process. */
export function begin(dir: string, ...args: string[]): { child: ChildProcess; said: () => string; ended: Promise<unknown> } {
  // A group of its own: Ctrl-C reaches git and its helper for http alike.
  const child = spawn("git", [...PERSON, ...args], { cwd: dir, env: CLIENT_ENV, stdio: ["ignore", "pipe", "pipe"], detached: true })
  let text = ""
  for (const output of [child.stdout, child.stderr]) output.on("data", (chunk: Buffer) => (text += chunk.toString()))
  return { child, said: () => text, ended: once(child, "exit") }
}

/** A project with one commit. */
export async function aProject(home: string, files: Record<string, string | Buffer> = { "mix.exs": "# one\n" }): Promise<string> {
  const dir = mkdtempSync(path.join(home, "project-"))
  await run(dir, "init", "--quiet")
  await commit(dir, files)
  return dir
}

/** @returns the commit. */
export async function commit(dir: string, files: Record<string, string | Buffer>, message = "Change"): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    writeFileSync(path.join(dir, name), content)
  }
  await run(dir, "add", "-A")
  await run(dir, "commit", "--quiet", "--allow-empty", "-m", message)
  return (await run(dir, "rev-parse", "HEAD")).said.trim()
}

export type Build = typeof builds.$inferSelect

/** Plays the controller's part in rows: what the build server and the cluster would bring about. */
export function fakeController(owner: Ctx, app: App) {
  const { db } = owner
  const say = async (build: Build, ...lines: string[]) => {
    await db.insert(buildOutput).values(lines.map((text) => ({ buildId: build.id, appId: app.id, at: new Date(), phase: "compile", text })))
  }
  const end = (build: Build, state: "building" | "succeeded" | "failed" | "cancelled") =>
    db.update(builds).set({ state }).where(eq(builds.id, build.id))
  return {
    say,
    begin: (build: Build) => end(build, "building"),
    fail: async (build: Build, reason: string) => {
      await say(build, ` !     ${reason}`)
      await end(build, "failed")
    },
    /** Also makes the release and its rollout, as the controller does in one transaction. */
    succeed: async (build: Build) =>
      owner.tx(async (tx) => {
        const meta = { mode: "mix", releaseName: "a", version: "1", erlang: "27", elixir: "1.18", erts: "15", processTypes: { web: "x" } }
        const [slug] = await tx
          .insert(slugs)
          .values({
            ...{ appId: app.id, buildId: build.id, sha256: hashToken(build.id), sizeBytes: 1, stack: "debian-13", commit: build.commit },
            meta: { ...meta, mode: "mix", buildpacks: [] },
          })
          .returning()
        const release = await addRelease(tx, owner, app, { kind: "deploy", summary: "Deploy", ...(slug ? { slugId: slug.id } : {}) })
        await startRollout(tx, owner, app, { kind: "deploy", releaseId: release.id })
        await tx.update(builds).set({ state: "succeeded" }).where(eq(builds.id, build.id))
        return release
      }),
    /** Brings the rollout of a release to its release command. */
    releaseCommand: async (release: Release) => {
      const [rollout] = await db.update(rollouts).set({ state: "releasing" }).where(eq(rollouts.releaseId, release.id)).returning()
      const order = { releaseId: release.id, command: ["sh", "-c", "migrate"], size: 0.5, timeLimitSeconds: 60 }
      const rolloutId = rollout?.id ?? ""
      const { id } = await owner.tx((tx) => addOneOff(tx, owner, app, { ...order, kind: "release_command", rolloutId }))
      return {
        say: (...lines: string[]) =>
          db.insert(logLines).values(lines.map((text) => ({ appId: app.id, at: new Date(), source: "app" as const, replica: id, text }))),
        end: (state: "succeeded" | "failed", reason: string | null = null) =>
          db.update(oneOffs).set({ state, reason, endedAt: new Date() }).where(eq(oneOffs.id, id)),
      }
    },
    /** Ends the newest rollout. */
    roll: async (releaseId: string, over: Partial<typeof rollouts.$inferInsert> = {}) => {
      const now = new Date()
      const settled = { state: "settled" as const, liveAt: now, endedAt: now }
      await db
        .update(rollouts)
        .set({ ...settled, ...over })
        .where(eq(rollouts.releaseId, releaseId))
    },
    releases: () => db.select().from(releases).where(eq(releases.appId, app.id)),
    builds: () => db.select().from(builds).where(eq(builds.appId, app.id)).orderBy(builds.number),
  }
}
