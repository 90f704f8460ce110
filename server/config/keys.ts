/** What bash and every libc take as a name. */
const CONFIG_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Of an app's keys and values together (gigalixir.md C.10). */
export const MAX_CONFIG_BYTES = 32_000

/** The platform's own facts about a run container: another value would break it, not change it. */
const OURS = new Set(["PORT", "HOME", "APP_NAME", "APP_KEY", "HOST_INDEX", "MY_POD_IP"])
/** Bash cannot set these: the entrypoint would stumble over them. */
const OF_THE_SHELL = new Set(["UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO", "BASH_ENV"])

/** @returns the sentence that says why a config cannot have this key, or `null`. A pure module: forms ask it too. */
export function whyNotKey(key: string): string | null {
  if (!CONFIG_KEY.test(key)) return "A key has letters, digits and _ only, and does not start with a digit."
  if (key.length > 200) return "A key has 200 characters at most."
  if (OURS.has(key) || key.startsWith("PHIAL__")) return `${key} is set by the platform and cannot be changed.`
  if (OF_THE_SHELL.has(key)) return `${key} belongs to the shell that starts the app and cannot be set.`
  return null
}

/** @returns the sentence that says why an environment variable cannot hold this, or `null`. */
export function whyNotValue(value: string): string | null {
  return value.includes("\0") ? "A value cannot hold a NUL character." : null
}
