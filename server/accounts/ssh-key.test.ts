import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Connection } from "@/db/client"
import type { Parts } from "@/server/kernel/context"
import { testDatabase } from "@/server/testing/database"
import { testParts } from "@/server/testing/people"
import { addSshKey, removeSshKey, sshKeysOf } from "./index"
import { parseSshKey } from "./ssh-key-line"
import { aMember, aStranger, auditOf } from "./testing"

const dir = mkdtempSync(path.join(tmpdir(), "phial-ssh-"))
let connection: Connection
let parts: Parts
let number = 0
beforeAll(async () => {
  connection = await testDatabase()
  parts = testParts(connection)
})
afterAll(async () => {
  await connection.close()
  rmSync(dir, { recursive: true })
})

/** A true key, as people have them. */
function keygen(...options: string[]): { line: string; fingerprint: string; file: string } {
  const file = path.join(dir, `key${++number}`)
  execFileSync("ssh-keygen", ["-q", "-N", "", "-C", "ada@laptop", "-f", file, ...options])
  const [, fingerprint = ""] = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" }).split(" ")
  return { line: readFileSync(`${file}.pub`, "utf8").trim(), fingerprint, file }
}

describe("a public key", () => {
  it("of each kind that OpenSSH makes is read with the fingerprint that ssh-keygen prints", () => {
    const kinds = [
      ["-t", "ed25519"],
      ["-t", "rsa", "-b", "2048"],
      ["-t", "ecdsa", "-b", "256"],
      ["-t", "ecdsa", "-b", "384"],
      ["-t", "ecdsa", "-b", "521"],
    ]
    for (const kind of kinds) {
      const { line, fingerprint } = keygen(...kind)
      expect(parseSshKey(`  ${line}\n`)).toEqual({ line, fingerprint, comment: "ada@laptop" })
    }
  })

  it("is refused with a sentence when it is short, damaged, private, with options, several or something else", () => {
    const { line, file } = keygen("-t", "ed25519")
    const [type = "", base64 = ""] = line.split(" ")
    const rsa = keygen("-t", "rsa", "-b", "1024").line
    const refused = [
      rsa,
      `${type} ${base64.slice(0, -4)}`,
      `${type} ${base64.slice(0, 20)}!${base64.slice(21)}`,
      `ssh-rsa ${base64}`,
      `ssh-dss ${base64}`,
      `command="sh" ${line}`,
      `${line}\n${line}`,
      readFileSync(file, "utf8"),
      "toString x",
      "",
    ]
    for (const text of refused) expect(parseSshKey(text), text).toMatch(/\.$/)
  })
})

it("is added, listed and removed", async () => {
  const member = await aMember(parts)
  const { line, fingerprint } = keygen("-t", "ed25519")
  const added = await addSshKey(member, { sshKey: line })
  expect(await sshKeysOf(member)).toEqual([added])
  expect(added).toMatchObject({ key: line, fingerprint, comment: "ada@laptop" })
  await removeSshKey(member, { id: String(added.id) })
  expect(await sshKeysOf(member)).toEqual([])
  expect(await auditOf(connection, member.userId)).toEqual(["ssh_key.removed", "ssh_key.added"])
})

it("is added once, also at the same time, but two people may have the same", async () => {
  const [member, other] = [await aMember(parts), await aMember(parts)]
  const { line } = keygen("-t", "ed25519")
  const twice = await Promise.allSettled([addSshKey(member, { sshKey: line }), addSshKey(member, { sshKey: `${line}-again` })])
  expect(twice.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"])
  await expect(addSshKey(other, { sshKey: line })).resolves.toBeDefined()
})

it("is nobody else's to see or to remove", async () => {
  const [member, stranger] = [await aMember(parts), await aMember(parts)]
  const { id } = await addSshKey(member, { sshKey: keygen("-t", "ed25519").line })
  await expect(removeSshKey(stranger, { id })).rejects.toMatchObject({ code: "not_found" })
  await expect(removeSshKey(aStranger(parts), { id })).rejects.toMatchObject({ code: "unauthenticated" })
  expect(await sshKeysOf(stranger)).toEqual([])
  expect(await sshKeysOf(member)).toHaveLength(1)
})
