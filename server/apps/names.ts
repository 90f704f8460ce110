/** The rule of the `apps` table: also a DNS label, a Linux name part and an Erlang node's short name. */
const APP_NAME = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/

/** What a newcomer could take for the platform itself, and what has a page of its own under `/apps`. */
const RESERVED = new Set([
  ...["new", "www", "api", "app", "apps", "git", "ssh", "admin", "root", "mail", "smtp", "ftp", "dns", "cdn", "static", "assets"],
  ...["phial", "platform", "dashboard", "status", "health", "healthz", "support", "help", "docs", "login", "signup", "account", "billing"],
  ...["localhost", "internal", "metadata", "runner", "controller", "logger", "edge", "postgres"],
])

/** @returns the sentence that says why an app cannot have this name, or `null`. A pure module: forms ask it too. */
export function whyNotName(name: string): string | null {
  if (name.length < 3 || name.length > 40) return "has 3 to 40 characters."
  if (!APP_NAME.test(name)) return "starts with a letter, ends with a letter or digit, and has only a-z, 0-9 and - in it."
  if (RESERVED.has(name)) return "is kept for the platform: choose another."
  return null
}

const MOODS =
  "able airy amber ample apt avid azure bold brave breezy bright brisk calm candid cheery civil clear clever cosy crisp daring dear deft eager early earnest easy fair famous fancy fine fond frank free fresh gentle glad golden grand happy hardy honest humble jolly keen kind"
const LOOKS =
  "agile alert ancient arctic autumn blue bronze cherry cobalt copper coral crimson crystal dapper distant emerald fluffy frosty green hazel hidden indigo ivory jade lilac lofty lunar maroon mellow mint misty mossy navy olive pearl plum proud quick quiet rapid rosy ruby rustic sandy scarlet silent silver smooth snowy solar"
const ANIMALS =
  "adder alpaca badger bat bear beaver bee bison camel cat cobra condor cow crab crane deer dingo dove duck eagle elk falcon ferret finch fox frog gecko goat goose hare hawk heron horse ibex ibis koala lark lemur lion lynx mole moose newt otter owl panda puma raven robin seal swan tapir tiger toad trout vole whale wolf wren yak zebra"

/** Three words, as at Gigalixir (gigalixir.md C.2): a mood, a look, an animal. @param random from 0 to below 1. */
export function threeWords(random: () => number = Math.random): string {
  return [MOODS, LOOKS, ANIMALS].map((words) => pick(words.split(" "), random)).join("-")
}

function pick(words: string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? ""
}
