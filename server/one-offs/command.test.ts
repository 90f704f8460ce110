import { expect, it } from "vitest"
import { commandLine, inShell, isMigration } from "./command"

it("shows a command as a person would type it", () => {
  expect(commandLine(["mix", "ecto.migrate"])).toBe("mix ecto.migrate")
  expect(commandLine(inShell("echo $HOME | wc -c"))).toBe("echo $HOME | wc -c")
  expect(commandLine(["bin/hello", "eval", 'IO.puts("it\'s")', ""])).toBe(`bin/hello eval 'IO.puts("it'\\''s")' ''`)
  expect(commandLine(["sh", "-c", "ls", "more"])).toBe("sh -c ls more")
})

it("knows a migration, also with options", () => {
  expect(isMigration(["gigalixir_run", "migrate", "-m", "shop"])).toBe(true)
  expect(isMigration(["mix", "ecto.migrate"])).toBe(true)
  expect(isMigration(["mix", "ecto.rollback"])).toBe(false)
  expect(isMigration([])).toBe(false)
})
