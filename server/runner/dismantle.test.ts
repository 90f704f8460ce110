import { rmSync } from "node:fs"
import { afterAll, expect, it } from "vitest"
import { aReplica, noContainers, testRunner } from "@/server/testing/runner"
import { exec } from "./exec"
import { interfacePrefix, netnsName, tableName } from "./names"

const parts: Array<Awaited<ReturnType<typeof testRunner>>> = []
afterAll(() => Promise.all(parts.map((part) => part.close())))

it.skipIf(noContainers)("the next runner takes away what is left of an instance whose home someone deleted", async () => {
  const lost = await testRunner("sleep 600")
  await lost.runner.create(aReplica({ id: "lost-aaaaaa" }))
  await exec("umount", ["-l", `${lost.home.containers}/lost-aaaaaa/disk`])
  rmSync(lost.home.root, { recursive: true })
  const next = await testRunner("sleep 600")
  parts.push(next)
  expect(await exec("nft", ["list", "tables"])).not.toContain(tableName(lost.home))
  expect(await exec("ip", ["-br", "link"])).not.toContain(interfacePrefix(lost.home))
  expect(await exec("ip", ["netns"])).not.toContain(netnsName(lost.home, ""))
  expect(await exec("ps", ["-eo", "args"])).not.toContain(lost.home.containers)
})
