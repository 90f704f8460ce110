import type { ReleaseFacts } from "@/server/releases/views"
import { bytesInWords } from "./bytes"

/** What code differs between two releases. */
export function SlugDifference({ from, to }: { from: ReleaseFacts; to: ReleaseFacts }) {
  return (
    <div>
      <h3 className="mb-1.5 font-medium text-ink-3 text-sm">Code</h3>
      <Words from={from.slug} to={to.slug} />
    </div>
  )
}

function Words({ from, to }: { from: ReleaseFacts["slug"]; to: ReleaseFacts["slug"] }) {
  if (!to) return <p className="text-ink-2">Nothing was pushed yet.</p>
  if (from?.sha256 === to.sha256) return <p className="text-ink-2">The same slug.</p>
  const changes = [
    [from?.commit.slice(0, 7) ?? "nothing", to.commit.slice(0, 7), "commit"],
    [from ? bytesInWords(from.sizeBytes) : null, bytesInWords(to.sizeBytes), "slug"],
    [from?.stack ?? null, to.stack, "stack"],
    [from?.meta.elixir ?? null, to.meta.elixir, "Elixir"],
    [from?.meta.erlang ?? null, to.meta.erlang, "Erlang"],
    [from?.meta.version ?? null, to.meta.version, "version"],
  ].filter(([before, after]) => before !== null && before !== after)
  return (
    <ul className="grid gap-1.5">
      {changes.map(([before, after, what]) => (
        <li key={what} className="flex flex-wrap items-center gap-x-2 text-sm">
          <span className="w-16 text-ink-3">{what}</span>
          <span className="font-mono text-ink-2">{before}</span>
          <span aria-hidden className="text-ink-3">
            →
          </span>
          <span className="sr-only">becomes</span>
          <span className="font-mono">{after}</span>
        </li>
      ))}
    </ul>
  )
}
