import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"

const NAMES = ["passwd", "group", "hosts", "resolv.conf", "hostname"] as const

interface Who {
  id: string
  address: string
  uid: number
}

/** Writes the few files of /etc that differ from the stack's. @returns their binds. */
export async function writeEtc(dir: string, rootfs: string, who: Who): Promise<Array<{ from: string; to: string }>> {
  await mkdir(dir, { recursive: true, mode: 0o755 })
  const stack = (name: string) => readFile(path.join(rootfs, "etc", name), "utf8")
  const text: Record<(typeof NAMES)[number], string> = {
    passwd: passwd(await stack("passwd"), who.uid),
    group: group(await stack("group"), who.uid),
    hosts: `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${who.address} ${who.id}\n`,
    "resolv.conf": await resolvConf(),
    hostname: `${who.id}\n`,
  }
  await Promise.all(NAMES.map((name) => writeFile(path.join(dir, name), text[name], { mode: 0o644 })))
  return NAMES.map((name) => ({ from: path.join(dir, name), to: `/etc/${name}` }))
}

/**
 * Pure. The app's user goes by two names: `app`, and `root`, as whom the official command line signs in by SSH. Neither is
 * the machine's root.
 */
export function passwd(stack: string, uid: number): string {
  const own = ["app", "root"].map((name) => `${name}:x:${uid}:${uid}:${name}:/app:/bin/bash`)
  return [...own, ...withoutRoot(stack)].join("\n")
}

/** Pure. */
export function group(stack: string, uid: number): string {
  return [`app:x:${uid}:`, ...stack.split("\n")].join("\n")
}

const withoutRoot = (text: string) => text.split("\n").filter((line) => !line.startsWith("root:"))

/** The machine's, unless its resolver listens on the machine's loopback, which is another inside. */
export async function resolvConf(files = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "")
    if (/^nameserver\s/m.test(text) && !/^nameserver\s+(127\.|::1)/m.test(text)) return text
  }
  return "# The machine's only resolver listens on its loopback, which replicas cannot reach.\n"
}
