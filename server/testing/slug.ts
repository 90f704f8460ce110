import { createHash } from "node:crypto"
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { exec } from "@/server/runner/exec"
import { STACK } from "./runner"

const SOURCE = path.resolve("server/testing/hello")

/** The slug of `hello`, a real release made with the stack's Elixir: once a checkout, until its source changes. */
export async function helloSlug(): Promise<{ file: string; sha256: string }> {
  const file = path.join(path.resolve(".phial"), "test", `hello-${digestOf(path.join(SOURCE, "lib/hello.ex"))}.tar.zst`)
  if (!existsSync(file)) await build(file)
  return { file, sha256: digestOf(file) }
}

async function build(file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true })
  const dir = mkdtempSync(path.join(tmpdir(), "ph-hello-"))
  try {
    cpSync(SOURCE, path.join(dir, "source"), { recursive: true })
    chmodSync(dir, 0o755)
    await exec("unshare", ["--mount", "--pid", "--fork", "bash", "-ec", RELEASE, "-", STACK, dir])
    renameSync(path.join(dir, "slug.tar.zst"), file)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** In the stack, whose /mnt is this build's for the while, and nobody else's. */
const RELEASE = `
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/tmp"
mount --bind "$2" "$1/mnt"
mount --bind /dev "$1/dev"
chroot "$1" env HOME=/tmp MIX_ENV=prod LANG=C.UTF-8 bash -ec 'cd /mnt/source && mix release --quiet >&2'
tar --zstd -cf "$2/slug.tar.zst" -C "$2/source/_build/prod/rel/hello" .
`

const digestOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex")
