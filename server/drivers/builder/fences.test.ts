import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type BuildBench, buildBench, endOf, outputOf } from "@/server/testing/builds"
import { aReplica, noContainers, until } from "@/server/testing/runner"
import { BUILD_LIMITS } from "./limits"

/** Runs in the build, as any hook of a repository does. */
const hook = (script: string) => ({ "elixir_buildpack.config": "hook_pre_compile='bash ./hostile.sh'\n", "hostile.sh": script })

const SERVER = `perl -MIO::Socket::INET -e '
  my $s = IO::Socket::INET->new(LocalPort => 4000, Listen => 64, ReuseAddr => 1) or die;
  while (my $c = $s->accept) { sysread $c, my $b, 4096; print $c "HTTP/1.0 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok"; close $c }'`

describe.skipIf(noContainers)(`a hostile build ${noContainers ?? ""}`, { timeout: 120_000 }, () => {
  let bench: BuildBench
  beforeAll(async () => {
    bench = await buildBench()
  })
  afterAll(() => bench?.close())

  const small = { ...BUILD_LIMITS, memoryBytes: 400_000_000, diskBytes: 200_000_000 }

  it("that eats memory is ended and says so, and only its container", async () => {
    const builder = bench.builderWith({ limits: small })
    const eater = 'exec perl -e \'my @a; push @a, "x" x 10_000_000 for 1..400; print "survived\\n"\''
    const { world, lines } = await bench.build(bench.order("counter", hook(eater)), builder)
    expect(world).toMatchObject({ reason: "out_of_memory" })
    expect(lines).not.toContain("survived")
  })

  it("that fills its disk fails, and the next build of the app has room again", async () => {
    const builder = bench.builderWith({ limits: small })
    const first = bench.order("counter", hook("dd if=/dev/zero of=big bs=1M count=1000 2>&1; df -m /build | tail -1"))
    const { world, lines } = await bench.build(first, builder)
    expect(world.code).not.toBe(0)
    expect(lines.join("\n")).toContain("No space left on device")
    expect(lines.at(-1)).toContain("disk is full")
    const next = await bench.build(bench.order("counter", {}, { app: first.app }), builder)
    expect(next.world, next.lines.join("\n")).toMatchObject({ code: 0 })
  })

  it("that forks without end stays within its processes, leaves a neighbour serving, and is cancelled", async () => {
    const neighbour = await bench.part.runner.create(aReplica({ id: "neighbour-1", app: 1, slot: 60, env: { SLUG: "none", DO: SERVER } }))
    const asked = () => fetch(`http://${neighbour.address}:4000/`).then((answer) => answer.ok)
    await until(() => asked().catch(() => false), "the neighbour")
    const before = await latencies(asked)
    const builder = bench.builderWith({})
    const order = bench.order("counter", hook("echo begun; f() { f | f & }; f; sleep 1000"))
    await builder.start(order)
    await until(async () => (await outputOf(builder, order.id)).includes("begun"), "the bomb")
    const usage = await until(async () => {
      const now = await bench.part.runner.usage(order.id)
      return now && now.pids > BUILD_LIMITS.pids * 0.9 && now
    }, "the bomb to reach its limit")
    expect(usage.pids).toBeLessThanOrEqual(BUILD_LIMITS.pids)
    const during = await latencies(asked)
    await builder.cancel(order.id)
    expect(await endOf(builder, order.id)).toMatchObject({ state: "ended" })
    console.info(`neighbour's answers in ms, p50/p99: before ${before.join("/")}, beside a fork bomb ${during.join("/")}`)
  })

  it("that never stops computing leaves a neighbour's answers as they are", async () => {
    const neighbour = await bench.part.runner.create(aReplica({ id: "neighbour-2", app: 1, slot: 61, env: { SLUG: "none", DO: SERVER } }))
    const asked = () => fetch(`http://${neighbour.address}:4000/`).then((answer) => answer.ok)
    await until(() => asked().catch(() => false), "the neighbour")
    const before = await latencies(asked)
    const builder = bench.builderWith({ seconds: 8 })
    const order = bench.order("counter", hook("echo begun; for i in 1 2 3 4; do (while :; do :; done) & done; wait"))
    await builder.start(order)
    await until(async () => (await outputOf(builder, order.id)).includes("begun"), "the loops")
    const during = await latencies(asked)
    expect(await endOf(builder, order.id)).toMatchObject({ reason: "out_of_time" })
    console.info(`neighbour's answers in ms, p50/p99: before ${before.join("/")}, beside endless loops ${during.join("/")}`)
  })
})

/** @returns p50 and p99 of 300 requests, in milliseconds. */
async function latencies(ask: () => Promise<boolean>): Promise<string[]> {
  const all: number[] = []
  for (let n = 0; n < 300; n++) {
    const began = performance.now()
    expect(await ask()).toBe(true)
    all.push(performance.now() - began)
  }
  all.sort((a, b) => a - b)
  return [150, 297].map((index) => (all[index] ?? 0).toFixed(1))
}
