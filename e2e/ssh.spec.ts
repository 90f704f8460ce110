import { expect, test } from "@playwright/test"
import { push, type Repository, repositoryOf } from "./support/git"
import { createApp, type Person, runningPlatform, signUp, until } from "./support/people"
import { type Laptop, laptopOf } from "./support/ssh"

const platform = runningPlatform()
/** What OpenSSH ends with when it does not get in. */
const REFUSED = 255
/** Replicas ask for the keys once a minute. */
const KEYS_WITHIN_SECONDS = 90

let ada: Person
let hers: Laptop
let app: string
let repository: Repository
test.beforeAll(async () => {
  ada = await signUp(platform)
  hers = laptopOf(ada)
  expect((await ada.api.call("POST", "/api/ssh_keys", { ssh_key: hers.publicKey })).status).toBe(201)
  app = await createApp(ada)
  repository = repositoryOf("counter")
  const first = await push(repository, ada.remote(app)).ended
  expect(first.code, first.output).toBe(0)
  await until("the app's SSH", async () => (await hers.run(app, "true")).code === 0)
})

const evaluate = async (expression: string) => (await hers.run(app, "gigalixir_run", "distillery-eval", "--", `'${expression}'`)).output

test("who added a key has a shell in the app, with its environment", async () => {
  expect(await hers.run(app, 'echo "$APP_NAME $PORT" $PWD')).toEqual({ code: 0, output: `${app} 4000 /app` })
  expect(await hers.run(app, "gigalixir_run", "shell", "--", "'echo'", "'a  b'")).toEqual({ code: 0, output: "a  b" })
  expect((await hers.run(app, "exit", "5")).code).toBe(5)
})

test("the remote console is in the running node", async () => {
  const console = await hers.open(app, "gigalixir_run", "remote_console")
  await until("the prompt", () => console.output().includes(`iex(${app}@`))
  console.process.stdin?.write("Counter.increment() + 41\n")
  await until("the answer", () => console.output().includes("42"))
  console.process.kill()
})

test("a stranger's key is refused", async () => {
  const { code, output } = await laptopOf(ada).run(app, "true")
  expect([code, output]).toEqual([REFUSED, expect.stringContaining("Permission denied (publickey)")])
})

test("an open session lasts while the app is scaled; both replicas know each other", async () => {
  const open = await hers.open(app, "cat")
  open.process.stdin?.write("before\n")
  await until("an echo", () => open.output().includes("before"))
  expect((await ada.api.call("PUT", `/api/apps/${app}/scale`, { replicas: 2 })).status).toBe(200)
  const nodes = await until("two nodes", async () => {
    const found = await evaluate('IO.puts(Enum.join(Enum.sort([node() | Node.list()]), " "))')
    return found.split(" ").length === 2 && found.split(" ")
  })
  expect(nodes).toEqual([expect.stringContaining(`${app}@`), expect.stringContaining(`${app}@`)])
  open.process.stdin?.write("after\n")
  await until("another echo", () => open.output().includes("after"))
  open.process.kill()
})

test("after a deploy, the host is the one that clients know", async () => {
  const before = (await hers.run(app, "hostname")).output
  repository.commit("once more")
  const second = await push(repository, ada.remote(app)).ended
  expect(second.code, second.output).toBe(0)
  const { output } = await until("another replica", async () => {
    const answer = await hers.run(app, "hostname")
    return answer.output !== before && answer
  })
  expect(output).toMatch(new RegExp(`^${app}-[a-z0-9]{6}$`))
})

test("a key that was taken away opens nothing any more", async () => {
  const { data } = await ada.api.call("GET", "/api/ssh_keys")
  const [key] = data as Array<{ id: number }>
  expect((await ada.api.call("DELETE", "/api/ssh_keys", { id: String(key?.id) })).status).toBe(200)
  const refused = await until(
    "her to be refused",
    async () => {
      const answer = await hers.run(app, "true")
      return answer.code === REFUSED && answer
    },
    KEYS_WITHIN_SECONDS,
  )
  expect(refused.output).toContain("Permission denied (publickey)")
})

test("without a replica the port is closed", async () => {
  expect((await ada.api.call("PUT", `/api/apps/${app}/scale`, { replicas: 0 })).status).toBe(200)
  await until("no way in", async () => /reset|closed/i.test((await hers.run(app, "true")).output))
})
