import { randomBytes } from "node:crypto"
import { connect, createServer, type Server } from "node:net"
import { networkInterfaces } from "node:os"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { aReplica, ended, noContainers, printed, type TestRunner, testRunner, until } from "@/server/testing/runner"
import type { Container } from "./protocol"

const SCRIPT = 'eval "$DO"'
const LISTEN =
  "exec perl -MIO::Socket::INET -e '$|=1; $s = IO::Socket::INET->new(LocalPort => 4000, Listen => 9); print qq(up\\n); 1 while $s->accept'"

describe.skipIf(noContainers)(`a replica ${noContainers ?? ""}`, () => {
  let part: TestRunner
  let elsewhere: TestRunner
  let machine: Server
  let machinePort = 0

  beforeAll(async () => {
    ;[part, elsewhere] = await Promise.all([testRunner(SCRIPT), testRunner(SCRIPT)])
    machine = createServer((socket) => socket.end()).listen(0, "0.0.0.0")
    await new Promise((resolve) => machine.once("listening", resolve))
    machinePort = (machine.address() as { port: number }).port
  })
  afterEach(() => Promise.all([part.removeAll(), elsewhere.removeAll()]))
  afterAll(async () => {
    machine?.close()
    await Promise.all([part?.close(), elsewhere?.close()])
  })

  const listener = async ({ runner }: TestRunner, app: number): Promise<Container> => {
    const id = `listens-${randomBytes(3).toString("hex")}`
    const made = await runner.create(aReplica({ id, app, env: { DO: LISTEN, SECRET: "what nobody else may read" } }))
    await until(async () => printed(made).includes("up"), `${id} to listen`)
    return made
  }

  /** Runs a script in a replica of app 1 to its end. */
  const run = async (script: string, over: { pids?: number } = {}) => {
    const limits = { memoryBytes: 256_000_000, cpus: 1, cpuShares: 1024, pids: 256, diskBytes: 64_000_000, ...over }
    const id = `runs-${randomBytes(3).toString("hex")}`
    const made = await part.runner.create(aReplica({ id, slot: 60, env: { DO: `${script}\necho done` }, limits }))
    return { exit: await ended(part.runner, id), text: printed(made) }
  }

  it("reaches replicas of its own app, but none of another app or another instance, and nothing of the machine", async () => {
    const own = await listener(part, 1)
    const others = [await listener(part, 2), await listener(elsewhere, 1)]
    const gateways = [own, ...others].map(({ address }) => address.replace(/\d+$/, (last) => String(Number(last) - 1)))
    const places = [
      ...[own, ...others].map(({ address }) => `${address}/4000`),
      ...[...gateways, ...machineAddresses()].map((address) => `${address}/${machinePort}`),
    ]
    const { text } = await run(
      places.map((place) => `timeout 1 bash -c '</dev/tcp/${place}' 2>/dev/null && echo "reached ${place}"`).join("\n"),
    )
    expect(text).toContain("done")
    expect(text.match(/reached .*/g)).toEqual([`reached ${own.address}/4000`])
  })

  it("is reached by the machine", async () => {
    const { address } = await listener(part, 1)
    await new Promise<void>((resolve, reject) => {
      const socket = connect(4000, address, () => resolve(void socket.destroy()))
      socket.on("error", reject)
    })
  })

  it("sees no file, process or variable of another app, and has no privileges", async () => {
    await listener(part, 2)
    const { text } = await run(`tr '\\0' '\\n' </proc/[0-9]*/environ | grep "nobody else"
cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep "^SECRET"
ls -d ${part.home.root} ${part.home.containers}
id -u; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status`)
    expect(text).toContain("done")
    for (const hidden of ["nobody else", "SECRET", `\n${part.home.root}`]) expect(text).not.toContain(hidden)
    for (const shown of [/^200001$/m, /CapEff:\s*0{16}/, /CapBnd:\s*0{16}/, /NoNewPrivs:\s*1/, /Seccomp:\s*2/]) expect(text).toMatch(shown)
  })

  it("cannot write outside its own disk, mount, make a namespace or reach into the kernel", async () => {
    const { text } = await run(`try() { "$@" >/dev/null 2>&1 && echo "COULD: $*"; }
for place in /usr/x /etc/passwd /phial/x /phial/run/x /phial/entrypoint /sys/fs/cgroup/x; do try sh -c "echo x >> $place"; done
for flags in -U -r -n -m -p; do try unshare $flags true; done
try mount -t tmpfs x /mnt; try dmesg; try cat /proc/kcore; try chown 0 /app; try mknod /app/null c 1 3
try sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
for limit in memory/memory.limit_in_bytes memory.max; do try sh -c "echo 999999999 > /sys/fs/cgroup/$limit"; done
touch /app/mine /tmp/mine /run/mine && echo "could write its own"`)
    expect(text).toContain("could write its own")
    expect(text).not.toContain("COULD")
  })

  it("ends when it needs more memory than it has, and its neighbour lives", async () => {
    const neighbour = await listener(part, 2)
    const { exit } = await run("exec perl -e '$x = \"a\" x 900_000_000'")
    expect(exit).toMatchObject({ code: 137, outOfMemory: true })
    expect((await part.runner.list()).find(({ id }) => id === neighbour.id)?.state).toBe("running")
  })

  it("gets no more processes than it may have", async () => {
    const bomb = "perl -e 'for (1..400) { $p = fork; last if !defined $p; if (!$p) { sleep 60; exit } $n++ } print qq(made $n\\n)'"
    const { text } = await run(bomb, { pids: 64 })
    const made = Number(/made (\d+)/.exec(text)?.[1])
    expect(made).toBeGreaterThan(50)
    expect(made).toBeLessThan(64)
  })

  it("fills no more disk than it has, and can use it again after it deleted", async () => {
    const { text } = await run(
      "head -c 200000000 /dev/zero >/app/big; stat -c %s /app/big; rm /app/big; head -c 30000000 /dev/zero >/app/again && echo again",
    )
    expect(text).toContain("No space left on device")
    expect(text).toContain("again")
    const written = Number(/^(\d+)$/m.exec(text)?.[1])
    expect(written).toBeGreaterThan(50_000_000)
    expect(written).toBeLessThan(64_000_000)
  })
})

function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address)
}
