import { expect, it } from "vitest"
import { pushCommands } from "./push-commands"

it("encodes the e-mail and the key, so that git reads the right host", () => {
  const [remote, push] = pushCommands({ gitRemote: "http://localhost:3000/git/shop.git", email: "ada+x@example.com", apiKey: "k/1" })
  expect(remote).toBe("git remote add phial http://ada%2Bx%40example.com:k%2F1@localhost:3000/git/shop.git")
  expect(push).toBe("git push phial main")
})

it("leaves a place for a key that is not there yet", () => {
  expect(pushCommands({ gitRemote: "https://p.example/git/a.git", email: "a@b.c", apiKey: null })[0]).toContain(":YOUR_API_KEY@p.example/")
})
