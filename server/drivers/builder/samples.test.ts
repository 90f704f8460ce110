import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { WebSocket } from "ws"
import type { Container } from "@/server/runner/protocol"
import { type BuildBench, buildBench } from "@/server/testing/builds"
import { ended, noContainers, printed, until } from "@/server/testing/runner"

/** The samples do what other tests rely on. */
describe.skipIf(noContainers)(`the sample apps ${noContainers ?? ""}`, { timeout: 120_000 }, () => {
  let bench: BuildBench
  beforeAll(async () => {
    bench = await buildBench()
  })
  afterAll(() => bench?.close())

  const slugOf = async (app: string) => {
    const order = bench.order(app)
    const { world, lines } = await bench.build(order)
    expect(world, lines.join("\n")).toMatchObject({ code: 0 })
    return (await bench.builderWith({}).collect(order.id)).sha256
  }
  const get = ({ address }: Container, path: string, method = "GET") =>
    fetch(`http://${address}:4000${path}`, { method }).then((answer) => answer.text())
  const isUp = (replica: Container) => until(() => get(replica, "/healthz").catch(() => null), `${replica.id} to listen`)

  it("counter counts, pushes its count over a WebSocket, echoes, and joins its other replica", async () => {
    const sha256 = await slugOf("counter")
    const command = "env RELEASE_DISTRIBUTION=name RELEASE_NODE=counter@$MY_POD_IP /app/bin/counter start"
    const replicas = await Promise.all([bench.boot(sha256, command), bench.boot(sha256, command)])
    const [one, other] = replicas
    await Promise.all(replicas.map(isUp))
    const said: string[] = []
    const socket = new WebSocket(`ws://${one.address}:4000/ws`)
    socket.on("message", (data: Buffer) => said.push(data.toString()))
    await until(async () => said.includes("count 0"), "the first count")
    expect(await get(one, "/count", "POST")).toBe("1")
    const long = "x".repeat(70_000)
    socket.send("hello")
    socket.send(long)
    await until(async () => said.includes(long), "the echo")
    expect(said).toEqual(["count 0", "count 1", "hello", long])
    const closed = new Promise<number>((resolve) => socket.on("close", resolve))
    socket.close(1000)
    expect(await closed).toBe(1000)
    const names = replicas.map(({ address }) => `counter@${address}`).sort()
    await until(
      async () => (await get(one, "/nodes")) === names.join("\n") && (await get(other, "/nodes")) === names.join("\n"),
      "the nodes to join",
    )
    await bench.part.runner.stop(one.id, 20)
    expect(await ended(bench.part.runner, one.id)).toMatchObject({ code: 0 })
    expect(printed(one)).toContain("counter stopped")
  })

  it("crasher listens and then crashes; deaf runs and does not listen; worker has another process", async () => {
    const crasher = await bench.boot(await slugOf("crasher"), "/app/bin/crasher start", { CRASH_AFTER: "2000" })
    const deaf = await bench.boot(await slugOf("deaf"), "/app/bin/deaf start")
    const worker = await bench.boot(await slugOf("worker"), "env ROLE=worker /app/bin/worker start")
    expect(await ended(bench.part.runner, crasher.id)).toMatchObject({ code: 1 })
    expect(printed(crasher)).toContain("listening on 4000")
    await until(async () => printed(deaf).includes("deaf starts"), "deaf to start")
    await expect(get(deaf, "/")).rejects.toThrow()
    await until(async () => printed(worker).includes("tick 1"), "the second tick")
  })
})
