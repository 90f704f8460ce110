import { Check, X } from "lucide-react"
import type { ReactNode } from "react"

const wise = [
  "Connections that live long and are costly to open again: WebSockets with much behind them, devices, calls.",
  "State in memory that takes long to build up again, such as a large cache or a game under way.",
  "A small fix: a few changed modules, and the version raised in mix.exs.",
]

const unwise = [
  "What the app starts changes: its supervisors, their children, Application.start/2.",
  "New versions of dependencies, of Elixir or of Erlang.",
  "Fields of structs change that processes hold, without a code_change/3 that takes them over.",
]

/** Beside the choice of a strategy: for whom a hot upgrade is the better one. */
export function HotUpgradeAdvice() {
  return (
    <details className="rounded-md border border-line bg-sunken px-3.5 py-2.5 text-ink-2 text-sm">
      <summary className="cursor-pointer font-medium text-ink">When is a hot upgrade wise?</summary>
      <p className="mt-2">
        Rarely: a process that ends loses its memory sooner or later anyway, so an app has to cope with that, and rolling is right for
        nearly everyone. What a hot upgrade adds is code that is replaced while it runs, and that nobody tried in this order before.
      </p>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Reasons title="Wise for" reasons={wise} icon={<Check aria-hidden className="mt-0.75 size-3.5 shrink-0 text-good" />} />
        <Reasons title="Better rolled" reasons={unwise} icon={<X aria-hidden className="mt-0.75 size-3.5 shrink-0 text-bad" />} />
      </div>
      <p className="mt-3">
        The build works out what the upgrade would do and refuses it where it would not be sound; then the release is rolled. While replicas
        are upgraded, one that was started anew stands by, and should one fail, the rest is rolled. A rollback always starts replicas anew.
        One push can ask for it by itself:{" "}
        <code className="font-mono text-[0.94em] text-ink [overflow-wrap:anywhere]">
          git -c http.extraheader="GIGALIXIR-HOT: true" push phial main
        </code>
      </p>
    </details>
  )
}

function Reasons({ title, reasons, icon }: { title: string; reasons: readonly string[]; icon: ReactNode }) {
  return (
    <div>
      <h3 className="font-medium text-ink">{title}</h3>
      <ul className="mt-1 grid gap-1.5">
        {reasons.map((reason) => (
          <li key={reason} className="flex gap-2">
            {icon}
            <span className="min-w-0">{reason}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
