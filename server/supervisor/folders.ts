import { randomBytes } from "node:crypto"
import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs"
import path from "node:path"
import type { Env } from "@/server/kernel/env"
import type { Home } from "@/server/kernel/home"
import type { Owner } from "./owner"

/** Linux's limit for the path of a unix socket, without its closing zero. */
const SOCKET_PATH_BYTES = 107

/** @returns what is wrong with `PHIAL_HOME`, in words, or `null`. */
export function faultOfHome(home: Home): string | null {
  const sockets = [home.edge.masterSocket, home.run.replicaApiSocket, path.join(home.postgres.socketDir, ".s.PGSQL.5432")]
  const longest = Math.max(...sockets.map((socket) => Buffer.byteLength(socket)))
  const over = longest - SOCKET_PATH_BYTES
  return over > 0 ? `The path of PHIAL_HOME is ${over} characters too long for Linux's unix sockets: ${home.root}` : null
}

/**
 * Makes `PHIAL_HOME` and its folders, each with its owner and mode. Repeatable; a home that changes hands is handed over.
 * @param owner Phial's own user, or `null` to leave all to who we are.
 */
export function makeFolders(home: Home, owner: Owner | null): void {
  const us = process.getuid?.() === 0 ? { uid: 0, gid: 0 } : null
  const root = us ? { ...us, gid: owner?.gid ?? 0 } : null
  const platform = owner ?? us
  mkdirSync(home.root, { recursive: true })
  own(home.root, root, 0o755)
  // The way to a replica's bind mounts and, for the platform's user, to its log; not to be listed.
  own(home.containers, root, 0o711)
  own(home.volumes, root, 0o700)
  own(home.parts, root, 0o700)
  if (!existsSync(home.stacks)) own(home.stacks, root, 0o755)
  for (const dir of [path.dirname(home.postgres.data), home.slugs, home.repositories, home.sources, home.mail, home.edge.dir, home.logs]) {
    handOver(dir, platform, 0o700)
  }
  // Replicas of other users come through to the one socket in here.
  handOver(home.run.dir, platform, 0o755)
  handOver(home.run.replicaApiDir, platform, 0o755)
}

/** Whether the home's files are another user's until now: what still runs as that user must end before they are handed over. */
export function changesHands(home: Home, owner: Owner | null): boolean {
  const uid = owner?.uid ?? process.getuid?.()
  return existsSync(home.postgres.data) && statSync(home.postgres.data).uid !== uid
}

/** The key that encrypts configs and secrets: made once, unless the operator gives keys. */
export function makeSecretKey(env: Env, owner: Owner | null): void {
  const file = env.home.secretKeyFile
  if (env.secretKeys.length === 0) writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" })
  if (owner && existsSync(file)) chownSync(file, owner.uid, owner.gid)
}

type Ids = Pick<Owner, "uid" | "gid"> | null

/** By descriptor, never through a link: Phial's user could have put one where root is about to change an owner. */
function own(dir: string, ids: Ids, mode: number): void {
  mkdirSync(dir, { recursive: true, mode })
  const fd = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  fchmodSync(fd, mode)
  if (ids) fchownSync(fd, ids.uid, ids.gid)
  closeSync(fd)
}

/** As `own`, and all below it too when it belonged to another user until now. */
function handOver(dir: string, ids: Ids, mode: number): void {
  const isForeign = ids !== null && existsSync(dir) && statSync(dir).uid !== ids.uid
  own(dir, ids, mode)
  if (ids && isForeign) ownBelow(dir, ids)
}

function ownBelow(dir: string, ids: NonNullable<Ids>): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name)
    lchownSync(full, ids.uid, ids.gid)
    if (entry.isDirectory()) ownBelow(full, ids)
  }
}
