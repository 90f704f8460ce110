import { postReceive } from "@/server/git/hook/post-receive"
import { preReceive } from "@/server/git/hook/pre-receive"
import { procReceive } from "@/server/git/hook/proc-receive"
import { say } from "@/server/git/hook/say"
import { updatesFrom } from "@/server/git/plan"
import type { Push } from "@/server/git/push"

// The program behind git's hooks (server/git/hooks). It talks to the web process and to git, and loads nothing else: it starts thrice
// a push. Its input comes from the web process by way of git's environment.
const [name, push = "{}"] = process.argv.slice(2)

async function input(): Promise<string> {
  let text = ""
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk
  return text
}

async function run(order: Push): Promise<number> {
  if (name === "proc-receive") return procReceive(order)
  const updates = updatesFrom(await input())
  return name === "pre-receive" ? preReceive(order, updates) : postReceive(order, updates)
}

try {
  process.exitCode = await run(JSON.parse(push) as Push)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
