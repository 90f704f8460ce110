import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { z } from "zod"
import { type Bucket, bucketAt } from "./bucket"
import { type Home, homeAt } from "./home"

const Port = z.coerce.number().int().min(1).max(65535)

const Variables = z.object({
  PHIAL_HOME: z.string().default(".phial"),
  PHIAL_PORT: Port.default(3000),
  PHIAL_HOST: z.string().default("0.0.0.0"),
  PHIAL_APPS_PORT: Port.default(8080),
  PHIAL_APPS_TLS_PORT: Port.default(8443),
  PHIAL_APPS_DOMAIN: z.string().default("localhost"),
  PHIAL_SSH_PORTS: z
    .string()
    .regex(/^\d+-\d+$/)
    .default("22000-22999"),
  PHIAL_URL: z.string().url().optional(),
  DATABASE_URL: z.string().optional(),
  PHIAL_PLATFORM: z.enum(["embedded", "kubernetes"]).default("embedded"),
  PHIAL_SECRET_KEY: z.string().optional(),
  PHIAL_SLUG_STORE: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z.string().optional(),
  PHIAL_TOOLCHAIN_MIRROR: z.string().url().default("https://builds.hex.pm"),
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
})

/** Everything that the operator can set, checked. The names and defaults are those of the README. */
export interface Env {
  home: Home
  /** Where the code of this instance lies: the checkout. */
  root: string
  port: number
  /** The address that the dashboard listens on. */
  host: string
  /** The address people open the dashboard at, without a slash at its end. */
  url: string
  appsPort: number
  appsTlsPort: number
  appsDomain: string
  sshPorts: { first: number; last: number }
  /** A connection string, or `null` for the embedded PostgreSQL. */
  databaseUrl: string | null
  platform: "embedded" | "kubernetes"
  /** Base64 keys; the first encrypts. */
  secretKeys: string[]
  /** Where slugs are kept, or `null` for files in the home. */
  slugBucket: Bucket | null
  toolchainMirror: string
  production: boolean
}

/** Reads the environment. The only reader of `process.env` besides the set-up scripts. @throws an error naming the variable. */
export function readEnv(source: Record<string, string | undefined> = process.env, root = process.cwd()): Env {
  const v = Variables.parse(source)
  const home = homeAt(path.resolve(root, v.PHIAL_HOME))
  const [first = 22000, last = 22999] = v.PHIAL_SSH_PORTS.split("-").map(Number)
  return {
    home,
    root,
    port: v.PHIAL_PORT,
    host: v.PHIAL_HOST,
    url: (v.PHIAL_URL ?? `http://localhost:${v.PHIAL_PORT}`).replace(/\/$/, ""),
    appsPort: v.PHIAL_APPS_PORT,
    appsTlsPort: v.PHIAL_APPS_TLS_PORT,
    appsDomain: v.PHIAL_APPS_DOMAIN,
    sshPorts: { first, last },
    databaseUrl: v.DATABASE_URL ?? null,
    platform: v.PHIAL_PLATFORM,
    secretKeys: secretKeys(v.PHIAL_SECRET_KEY, home),
    slugBucket: v.PHIAL_SLUG_STORE ? named("PHIAL_SLUG_STORE", v.PHIAL_SLUG_STORE, (address) => bucketAt(address, v)) : null,
    toolchainMirror: v.PHIAL_TOOLCHAIN_MIRROR,
    production: v.NODE_ENV === "production",
  }
}

/**
 * The environment of a process that we start: ours, with `over`. What npm adds for its scripts is left out; it would reach
 * the git hooks and builds of others.
 */
export function childEnvironment(over: Record<string, string>, source = process.env): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(source).filter(([name]) => !name.startsWith("npm_"))), ...over } as NodeJS.ProcessEnv
}

/** @throws Error that begins with the variable's name. */
function named<T>(variable: string, text: string, read: (text: string) => T): T {
  try {
    return read(text)
  } catch (error) {
    throw new Error(`${variable} ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** From the variable (separated by commas or blanks), else from the file that the first start made. */
function secretKeys(variable: string | undefined, home: Home): string[] {
  const text = variable ?? (existsSync(home.secretKeyFile) ? readFileSync(home.secretKeyFile, "utf8") : "")
  return text.split(/[\s,]+/).filter(Boolean)
}

/** next-auth takes its own address from the process's environment alone; ours is the one it must have. */
export function tellNextAuth(env: Pick<Env, "url">): void {
  process.env.NEXTAUTH_URL = env.url
}
