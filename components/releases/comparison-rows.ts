import type { ComparedRelease } from "@/server/releases/comparison-view"
import { bytesInWords } from "./bytes"
import { releaseKinds } from "./looks"

export interface ComparisonRow {
  name: string
  /** `null`: it has none. */
  from: string | null
  to: string | null
  isMono: boolean
  /** Of the two together: how much larger. */
  note: string | null
}

/** What two releases are made of, line by line. Pure. */
export function comparisonRows(from: ComparedRelease, to: ComparedRelease): ComparisonRow[] {
  const row = (name: string, of: (release: ComparedRelease) => string | null | undefined, isMono = false): ComparisonRow => ({
    ...{ name, isMono, note: null },
    from: of(from) || null,
    to: of(to) || null,
  })
  const types = [...new Set([from, to].flatMap(({ slug }) => Object.keys(slug?.meta.processTypes ?? {})))].sort()
  const rows = [
    row("Kind", ({ kind, rollbackTo }) => `${releaseKinds[kind]?.label ?? kind}${rollbackTo ? ` to v${rollbackTo}` : ""}`),
    row("Commit", ({ slug }) => slug?.commit.slice(0, 7), true),
    row("Message", ({ message }) => message),
    row("App version", ({ slug }) => slug?.meta.version, true),
    row("Elixir", ({ slug }) => slug?.meta.elixir, true),
    row("Erlang", ({ slug }) => slug?.meta.erlang, true),
    row("ERTS", ({ slug }) => slug?.meta.erts, true),
    row("Stack", ({ slug }) => slug?.stack, true),
    row("Made as", ({ slug }) => slug && (slug.meta.mode === "mix" ? "mix project" : `${slug.meta.mode} ${slug.meta.releaseName}`)),
    row("Buildpacks", ({ slug }) => slug?.meta.buildpacks.join(", ")),
    ...types.map((type) => row(`Process type ${type}`, ({ slug }) => slug?.meta.processTypes[type], true)),
    { ...row("Slug", ({ slug }) => slug && bytesInWords(slug.sizeBytes)), note: growth(from, to) },
    row("Checksum", ({ slug }) => slug?.sha256.slice(0, 12), true),
  ]
  return rows.filter((each) => each.from !== null || each.to !== null)
}

export const differs = ({ from, to }: ComparisonRow): boolean => from !== to

/** "1.2 MB larger (+20 %)". */
function growth(from: ComparedRelease, to: ComparedRelease): string | null {
  if (!from.slug || !to.slug || from.slug.sizeBytes === to.slug.sizeBytes) return null
  const bytes = to.slug.sizeBytes - from.slug.sizeBytes
  const percent = Math.round((bytes / from.slug.sizeBytes) * 100)
  const share = percent === 0 ? "" : ` (${percent > 0 ? "+" : "−"}${Math.abs(percent)} %)`
  return `${bytesInWords(Math.abs(bytes))} ${bytes > 0 ? "larger" : "smaller"}${share}`
}
