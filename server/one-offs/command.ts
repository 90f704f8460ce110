/** Brings the database of an app to its newest migration, whatever the app's mode: see `stack/run-container/bin/gigalixir_run`. */
export const MIGRATE: readonly string[] = ["gigalixir_run", "migrate"]

const MIGRATIONS = [MIGRATE, ["mix", "ecto.migrate"]]

/** Whether a command is known to change the database's schema. Pure. */
export function isMigration(command: readonly string[]): boolean {
  return MIGRATIONS.some((words) => words.every((word, index) => command[index] === word))
}

/** A command line that a shell reads. */
export const inShell = (line: string): string[] => ["sh", "-c", line]

/** A command as a person would type it: the line that a shell reads, or the words, quoted where they need it. Pure. */
export function commandLine(command: readonly string[]): string {
  const [shell, option, line, ...rest] = command
  if (shell === "sh" && option === "-c" && line !== undefined && rest.length === 0) return line
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ")
}
