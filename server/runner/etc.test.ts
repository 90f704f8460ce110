import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, it } from "vitest"
import { group, passwd, resolvConf } from "./etc"

const dir = mkdtempSync(path.join(tmpdir(), "ph-etc-"))
afterAll(() => rmSync(dir, { recursive: true }))

it("the app's user goes by app and by root, and neither is the machine's", () => {
  expect(passwd("root:x:0:0:root:/root:/bin/bash\nsshd:x:997:65534::/run/sshd:/usr/sbin/nologin\n", 200_007)).toBe(
    "app:x:200007:200007:app:/app:/bin/bash\nroot:x:200007:200007:root:/app:/bin/bash\nsshd:x:997:65534::/run/sshd:/usr/sbin/nologin\n",
  )
  expect(group("root:x:0:\ntty:x:5:\n", 200_007)).toBe("app:x:200007:\nroot:x:0:\ntty:x:5:\n")
})

it("names are asked where the machine asks, unless that is its own loopback", async () => {
  const file = (name: string, text: string) => {
    writeFileSync(path.join(dir, name), text)
    return path.join(dir, name)
  }
  const own = file("own", "nameserver 192.0.2.53\n")
  const stub = file("stub", "nameserver 127.0.0.53\noptions edns0\n")
  expect(await resolvConf([own, stub])).toBe("nameserver 192.0.2.53\n")
  expect(await resolvConf([stub, own])).toBe("nameserver 192.0.2.53\n")
  expect(await resolvConf([stub, "/nowhere"])).toMatch(/^# /)
})
