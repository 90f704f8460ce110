import { Minus, PencilLine, Plus } from "lucide-react"
import type { ReactNode } from "react"
import type { ConfigDiff } from "@/server/config"

/** Which keys differ; never their values. */
export function ConfigDifference({ config, none }: { config: ConfigDiff; none: ReactNode }) {
  if (config.added.length + config.changed.length + config.removed.length === 0) return <p className="text-ink-2">{none}</p>
  return (
    <ul className="grid gap-1.5">
      <Keys keys={config.added} word="added" mark={<Plus aria-hidden className="size-4 shrink-0 text-good-mark" />} />
      <Keys keys={config.changed} word="changed" mark={<PencilLine aria-hidden className="size-4 shrink-0 text-info-mark" />} />
      <Keys keys={config.removed} word="removed" mark={<Minus aria-hidden className="size-4 shrink-0 text-bad-mark" />} />
    </ul>
  )
}

function Keys({ keys, word, mark }: { keys: string[]; word: string; mark: ReactNode }) {
  return keys.map((key) => (
    <li key={key} className="flex min-w-0 items-center gap-2">
      {mark}
      <code className="min-w-0 break-all font-mono text-sm">{key}</code>
      <span className="text-ink-3 text-sm">{word}</span>
    </li>
  ))
}
