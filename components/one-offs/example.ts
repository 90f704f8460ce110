import type { OneOffsView } from "@/server/one-offs/views"

/** A command that could be run in this app, for who has never run one. Pure. */
export function exampleOf(release: OneOffsView["release"]): string {
  return release && release.mode !== "mix" && release.releaseName
    ? `bin/${release.releaseName} eval 'IO.puts(:hello)'`
    : "mix run -e 'IO.puts(:hello)'"
}
