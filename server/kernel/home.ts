import { createHash } from "node:crypto"
import path from "node:path"

/** The name of the database and of its only role in the embedded PostgreSQL. */
export const EMBEDDED_DATABASE = "phial"

/**
 * Where everything of one instance lives under `PHIAL_HOME`. The only place that knows these paths. `id` is in every name
 * that is global to the machine (bridges, cgroups, tables), so that two instances live beside each other.
 */
export interface Home {
  root: string
  /** Six hex digits, from the path: network interface names have fifteen characters at most. */
  id: string
  postgres: { data: string; socketDir: string }
  secretKeyFile: string
  /** Stacks by name: `<stacks>/<name>/rootfs`. May be a symbolic link to another instance's. */
  stacks: string
  slugs: string
  repositories: string
  /** Source archives of builds: `<sources>/<build id>.tar`, removed with the build's end. */
  sources: string
  mail: string
  /** Root's own: bundles, disks, conmon's logs and exit codes. */
  containers: string
  /** Build volumes (one disk image an app: cache of deps and _build). Root's own. */
  volumes: string
  edge: { dir: string; config: string; adminSocket: string; masterSocket: string }
  run: {
    dir: string
    runnerSocket: string
    /** The folder that replicas see: it holds the run-container API's socket and nothing else. */
    replicaApiDir: string
    replicaApiSocket: string
    /** The git hook's way to the web process. */
    hookSocket: string
    /** The one-time set-up link's token, until it is used. */
    setupTokenFile: string
  }
  logs: string
  /** The supervisor's own: which processes it runs, so that the next one finds them. */
  parts: string
}

/** @param root the absolute path of `PHIAL_HOME`. */
export function homeAt(root: string): Home {
  const at = (...parts: string[]) => path.join(root, ...parts)
  return {
    root,
    id: createHash("sha256").update(root).digest("hex").slice(0, 6),
    postgres: { data: at("postgres", "data"), socketDir: at("postgres", "run") },
    secretKeyFile: at("secret.key"),
    stacks: at("stacks"),
    slugs: at("slugs"),
    repositories: at("repositories"),
    sources: at("sources"),
    mail: at("mail"),
    containers: at("containers"),
    volumes: at("volumes"),
    edge: {
      dir: at("edge"),
      config: at("edge", "haproxy.cfg"),
      adminSocket: at("edge", "admin.sock"),
      masterSocket: at("edge", "master.sock"),
    },
    run: {
      dir: at("run"),
      runnerSocket: at("run", "runner.sock"),
      replicaApiDir: at("run", "replica-api"),
      replicaApiSocket: at("run", "replica-api", "api.sock"),
      hookSocket: at("run", "hook.sock"),
      setupTokenFile: at("run", "setup-token"),
    },
    logs: at("logs"),
    parts: at("parts"),
  }
}
