import { mkdirSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { networkInterfaces } from "node:os"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { push, repositoryOf } from "./support/git"
import { createApp, type Person, runningPlatform, SETTLED_SOON, signUp, until } from "./support/people"

const SECRET = "what-nobody-else-may-read"

const platform = runningPlatform()
let machine: Server
test.beforeAll(async () => {
  machine = createServer((socket) => socket.end()).listen(0, "0.0.0.0")
  await new Promise((resolve) => machine.once("listening", resolve))
})
test.afterAll(() => machine.close())

/** Deploys the counter; the script runs in each replica before the app does, and what it prints is in the app's log. */
async function deploy(person: Person, script: string, configs: Record<string, string>): Promise<string> {
  const app = await createApp(person, SETTLED_SOON)
  expect((await person.api.call("POST", `/api/apps/${app}/configs`, { configs })).status).toBe(201)
  const repository = repositoryOf("counter")
  mkdirSync(path.join(repository.dir, ".profile.d"))
  writeFileSync(path.join(repository.dir, ".profile.d/probe.sh"), script)
  repository.commit("a probe")
  const { code, output } = await push(repository, person.remote(app)).ended
  expect(code, output).toBe(0)
  return app
}

/** What the probe printed, once it has come to its end. */
const found = (person: Person, app: string) =>
  until("the probe's end in the log", async () => {
    const { text } = await person.api.call("GET", `/api/apps/${app}/logs?num_lines=500&follow=False`)
    return text.includes("PROBE-END") && text
  })

test("an app reads no file or config of another, reaches no port of it and none of the machine", async () => {
  const [ada, mallory] = [await signUp(platform), await signUp(platform)]
  const victim = await deploy(ada, 'echo "PROBE-ADDRESS $MY_POD_IP PROBE-KEY $APP_KEY"; echo PROBE-END\n', { PLANTED: SECRET })
  const [, address = "", key = ""] = /PROBE-ADDRESS (\S+) PROBE-KEY (\S+)/.exec(await found(ada, victim)) ?? []
  expect(address).toMatch(/^10\./)

  const port = (machine.address() as { port: number }).port
  const ports = [port, ...Object.values(platform.env).filter((value) => /^\d+$/.test(value))]
  // Its own gateway and the other's are the machine, as its own addresses are.
  const machines = ["$GATEWAY", address.replace(/\d+$/, (last) => String(gatewayOf(Number(last)))), "127.0.0.1", ...machineAddresses()]
  const places = [4000, 2222, 4369].map((at) => `${address}/${at}`)
  for (const host of machines) places.push(...ports.map((at) => `${host}/${at}`))
  const probe = await deploy(
    mallory,
    `GATEWAY=\${MY_POD_IP%.*}.$((\${MY_POD_IP##*.} / 64 * 64 + 1))
tries() { timeout 2 bash -c "</dev/tcp/$1" 2>/dev/null && echo "PROBE-REACHED $1"; }
asks() { curl -s -o /dev/null -w '%{http_code}' --unix-socket /phial/run/api.sock -u "$APP_NAME:$APP_KEY" "http://phial$1"; }
${places.map((place) => `tries "${place}" &`).join("\n")}
wait
cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep PLANTED
ls -d ${platform.home} 2>/dev/null | sed 's/^/PROBE-HOME /'
find / -xdev -not -path '/proc/*' -name '*${victim}*' 2>/dev/null | sed 's/^/PROBE-FILE /'
echo "PROBE-OWN $(asks "/api/apps/$APP_NAME/releases/current")"
echo "PROBE-RELEASE $(asks "/api/apps/${victim}/releases/current")"
echo "PROBE-CONFIG $(asks "/api/apps/${victim}/configs")"
echo PROBE-END
`,
    { OWN: "config" },
  )
  const log = await found(mallory, probe)
  expect(log).not.toContain("PROBE-REACHED")
  expect(log).not.toContain("PROBE-HOME")
  expect(log).not.toContain("PROBE-FILE")
  expect(log).not.toContain(SECRET)
  expect(log).not.toContain(key)
  expect(log).toContain("PROBE-OWN 200")
  expect(log).toMatch(/PROBE-RELEASE 40[134]/)
  expect(log).toMatch(/PROBE-CONFIG 40[134]/)
})

/** An app's addresses are a block of 64, of which the machine has the first. */
const gatewayOf = (last: number) => last - (last % 64) + 1

function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address)
}
