"use client"

import { ArrowLeftRight, ArrowRight } from "lucide-react"
import type { Route } from "next"
import { useRouter } from "next/navigation"
import { parseAsBoolean, useQueryState } from "nuqs"
import { useTransition } from "react"
import { AppHeader } from "@/components/apps/app-header"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Badge } from "@/components/ui/badge"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { cn } from "@/components/ui/cn"
import { Field } from "@/components/ui/field"
import { IconButton } from "@/components/ui/icon-button"
import { RelativeTime } from "@/components/ui/relative-time"
import { Segmented } from "@/components/ui/segmented"
import { Select } from "@/components/ui/select"
import { TextLink } from "@/components/ui/text-link"
import type { ComparedRelease, ComparisonView } from "@/server/releases/comparison-view"
import { type ComparisonRow, comparisonRows, differs } from "./comparison-rows"
import { ConfigDifference } from "./config-difference"
import { Summary } from "./summary"

/** Any two releases side by side. */
export function ComparePage({ app, from, to }: { app: string; from: number | null; to: number | null }) {
  const router = useRouter()
  const view = useView("comparison", { app, from, to })
  const [pending, start] = useTransition()
  const [showsAll, setShowsAll] = useQueryState("all", parseAsBoolean.withDefault(false))
  const versions = { from: view.from.version, to: view.to.version }
  const go = (next: typeof versions) =>
    start(() => router.replace(`${paths.compare(app, next)}${showsAll ? "&all=true" : ""}` as Route, { scroll: false }))
  const rows = comparisonRows(view.from, view.to)
  const shown = showsAll ? rows : rows.filter(differs)
  return (
    <>
      <AppHeader
        app={app}
        here="Compare"
        trail={[{ label: "Releases", href: paths.releases(app) }]}
        description="What differs between two releases: code, versions and keys of the config."
      />
      <div className={cn("grid grid-cols-1 gap-4 transition-opacity", pending && "opacity-70")}>
        <Card className="flex flex-wrap items-end gap-3 p-5">
          <Picker label="From" value={versions.from} view={view} onChange={(version) => go({ ...versions, from: version })} />
          <IconButton
            variant="secondary"
            label="Swap them"
            icon={<ArrowLeftRight aria-hidden />}
            onClick={() => go({ from: versions.to, to: versions.from })}
          />
          <Picker label="To" value={versions.to} view={view} onChange={(version) => go({ ...versions, to: version })} />
        </Card>
        <Card aria-label="Releases side by side">
          <CardHeader
            title={
              <span className="flex items-center gap-2">
                <span className="font-mono">v{versions.from}</span>
                <ArrowRight aria-label="to" className="size-4 text-ink-3" />
                <span className="font-mono">v{versions.to}</span>
              </span>
            }
            description={differenceInWords(rows, view)}
            actions={
              <Segmented
                label="Which lines"
                value={showsAll ? "all" : "different"}
                onChange={(which) => void setShowsAll(which === "all" ? true : null)}
                options={[
                  { value: "different", label: "What differs" },
                  { value: "all", label: "Everything" },
                ]}
              />
            }
          />
          <ul aria-label="What they are made of" className="divide-y divide-line border-line border-t">
            <Made app={app} view={view} />
            {shown.map((row) => (
              <Row key={row.name} row={row} versions={versions} isMarked={showsAll && differs(row)} />
            ))}
          </ul>
        </Card>
        <Card aria-label="Config">
          <CardHeader title="Config" description="Keys that differ, never their values." />
          <CardBody>
            <ConfigDifference config={view.config} none="The same keys with the same values." />
          </CardBody>
        </Card>
      </div>
    </>
  )
}

function Picker({
  label,
  value,
  view,
  onChange,
}: {
  label: string
  value: number
  view: ComparisonView
  onChange: (version: number) => void
}) {
  const isOffered = view.versions.some(({ version }) => version === value)
  return (
    <Field label={label} className="min-w-0 flex-1 basis-48">
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {isOffered ? null : <option value={value}>v{value}</option>}
          {view.versions.map(({ version, summary }) => (
            <option key={version} value={version}>
              v{version} · {summary.replaceAll("`", "")}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

const COLUMNS = "grid gap-x-6 gap-y-1.5 px-5 py-3 sm:grid-cols-[9rem_minmax(0,1fr)_minmax(0,1fr)]"

/** Who made each, and when. */
function Made({ app, view }: { app: string; view: ComparisonView }) {
  return (
    <li className={COLUMNS}>
      <span className="text-ink-3 text-sm">Release</span>
      {[view.from, view.to].map((release, i) => (
        <span key={i === 0 ? "from" : "to"} className="min-w-0">
          <span className="flex flex-wrap items-center gap-2">
            <TextLink href={paths.release(app, release.version)} className="font-mono">
              v{release.version}
            </TextLink>
            {release.version === view.serving ? <Badge tone="good">Serving</Badge> : null}
          </span>
          <span className="mt-0.5 block text-ink-2 text-sm [overflow-wrap:anywhere]">
            <Summary text={release.summary} /> <MadeBy release={release} />
          </span>
        </span>
      ))}
    </li>
  )
}

function MadeBy({ release }: { release: ComparedRelease }) {
  return (
    <span className="text-ink-3">
      <RelativeTime at={release.at} />
      {release.by ? ` by ${release.by}` : ""}
    </span>
  )
}

function Row({ row, versions, isMarked }: { row: ComparisonRow; versions: { from: number; to: number }; isMarked: boolean }) {
  const isDifferent = differs(row)
  const value = (text: string | null, version: number, isNew: boolean) => (
    <span
      className={cn(
        "min-w-0 text-base [overflow-wrap:anywhere]",
        row.isMono && text && "font-mono text-sm leading-6",
        isDifferent && isNew ? "text-ink" : "text-ink-2",
      )}
    >
      <span className="mr-2 inline-block w-8 font-mono text-ink-3 text-xs sm:sr-only">v{version}</span>
      {text ?? <span className="text-ink-3">none</span>}
    </span>
  )
  return (
    <li className={cn(COLUMNS, isMarked && "bg-accent-soft")}>
      <span className="text-ink-3 text-sm">
        {row.name}
        {isDifferent ? <span className="sr-only">, differs</span> : null}
      </span>
      {value(row.from, versions.from, false)}
      <span className="min-w-0">
        {value(row.to, versions.to, true)}
        {row.note ? <span className="block text-ink-3 text-sm">{row.note}</span> : null}
      </span>
    </li>
  )
}

function differenceInWords(rows: ComparisonRow[], { from, to, config }: ComparisonView): string {
  if (from.version === to.version) return "The same release twice: choose another."
  const keys = config.added.length + config.changed.length + config.removed.length
  const inConfig = keys === 0 ? "the same config" : keys === 1 ? "1 key of the config" : `${keys} keys of the config`
  if (from.slug && from.slug.sha256 === to.slug?.sha256)
    return keys === 0 ? "The same slug and the same config." : `The same slug; ${inConfig} differ${keys === 1 ? "s" : ""}.`
  const lines = rows.filter(differs).length
  return `${lines === 1 ? "1 line differs" : `${lines} lines differ`}; ${inConfig}${keys === 0 ? "" : ` differ${keys === 1 ? "s" : ""}`}.`
}
