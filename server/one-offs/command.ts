/** Brings the database of an app to its newest migration, whatever the app's mode: see `stack/run-container/bin/gigalixir_run`. */
const MIGRATE: readonly string[] = ["gigalixir_run", "migrate"]

const MIGRATIONS = [MIGRATE, ["mix", "ecto.migrate"]]

/** Whether a command is known to change the database's schema. Pure. */
export function isMigration(command: readonly string[]): boolean {
  return MIGRATIONS.some((words) => words.every((word, index) => command[index] === word))
}
