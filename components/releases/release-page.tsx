"use client"

import { GitCommitHorizontal } from "lucide-react"
import { AppHeader } from "@/components/apps/app-header"
import { phaseLabel } from "@/components/builds/phase-label"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Badge } from "@/components/ui/badge"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { Copyable } from "@/components/ui/copyable"
import { durationInWords } from "@/components/ui/durations"
import { Facts } from "@/components/ui/facts"
import { RelativeTime } from "@/components/ui/relative-time"
import { TextLink } from "@/components/ui/text-link"
import type { ReleaseView } from "@/server/releases/views"
import { bytesInWords } from "./bytes"
import { ComparisonCard } from "./comparison-card"
import { HotUpgradeCard } from "./hot-upgrade-card"
import { releaseKinds } from "./looks"
import { RollBackButton } from "./roll-back-button"
import { RolloutCard } from "./rollout-card"
import { Summary } from "./summary"

/** One release: what it is made of, how it was rolled out, what it changed, and the way back to it. */
export function ReleasePage({ app, version, against }: { app: string; version: number; against: number | null }) {
  const view = useView("release", { app, version, against })
  const { release, rollout } = view
  return (
    <>
      <AppHeader
        app={app}
        here={`v${version}`}
        trail={[{ label: "Releases", href: paths.releases(app) }]}
        title={
          <span className="flex flex-wrap items-center gap-2.5">
            <span className="font-mono">v{version}</span>
            <Badge>{releaseKinds[release.kind]?.label ?? release.kind}</Badge>
            {view.isServing ? <Badge tone="good">Serving</Badge> : null}
          </span>
        }
        description={
          <>
            <Summary text={release.summary} /> <RelativeTime at={release.at} />
            {release.by ? ` by ${release.by}` : ""}
          </>
        }
        actions={<RollBackButton app={app} view={view} />}
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {rollout ? <RolloutCard app={app} role={view.role} rollout={rollout} /> : <NeverRolledOut app={app} view={view} />}
          {view.build ? <BuildOfRelease app={app} build={view.build} /> : null}
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <ComparisonCard app={app} view={view} />
          {release.slug ? <SlugCard slug={release.slug} /> : null}
          {release.slug?.meta.hotUpgrade ? <HotUpgradeCard hot={release.slug.meta.hotUpgrade} /> : null}
        </div>
      </div>
    </>
  )
}

function NeverRolledOut({ app, view: { release, isHeld } }: { app: string; view: ReleaseView }) {
  return (
    <Card>
      <CardHeader title={isHeld ? "Held until the next deploy" : "Not rolled out"} />
      <CardBody className="text-ink-2">
        {isHeld ? (
          <>
            What runs stays as it is until the next deploy or restart. <TextLink href={paths.config(app)}>Apply it now</TextLink>
          </>
        ) : release.slug ? (
          "It was held, and a later release took what it changed along."
        ) : (
          "It is from before the first push: there was nothing to run."
        )}
      </CardBody>
    </Card>
  )
}

function BuildOfRelease({ app, build }: { app: string; build: NonNullable<ReleaseView["build"]> }) {
  const ms = build.startedAt && build.endedAt ? Date.parse(build.endedAt) - Date.parse(build.startedAt) : null
  const [subject = "", ...body] = build.message.trim().split("\n")
  return (
    <Card>
      <CardHeader
        title="Commit"
        actions={<TextLink href={paths.build(app, build.id)}>Log of build {build.number}</TextLink>}
        description={ms === null ? null : `Built in ${durationInWords(ms)}`}
      />
      <CardBody>
        <p className="flex gap-2">
          <GitCommitHorizontal aria-hidden className="mt-0.75 size-4 shrink-0 text-ink-3" />
          <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{subject || "No message"}</span>
        </p>
        {body.join("").trim() ? <p className="mt-2 whitespace-pre-wrap pl-6 text-ink-2 text-sm">{body.join("\n").trim()}</p> : null}
        {build.phases.length > 0 ? (
          <ul className="mt-4 grid gap-1 pl-6 text-ink-2 text-sm">
            {build.phases.map((phase) => (
              <li key={phase.startedAt} className="flex justify-between gap-4">
                {phaseLabel(phase.name)}
                <span className="text-ink-3 tabular-nums">
                  {phase.endedAt ? durationInWords(Date.parse(phase.endedAt) - Date.parse(phase.startedAt)) : null}
                </span>
              </li>
            ))}
          </ul>
        ) : null}
      </CardBody>
    </Card>
  )
}

function SlugCard({ slug }: { slug: NonNullable<ReleaseView["release"]["slug"]> }) {
  const { meta } = slug
  return (
    <Card>
      <CardHeader title="Slug" description="What was built and runs in each replica." />
      <CardBody className="grid gap-4">
        <Facts
          facts={[
            { name: "Size", value: bytesInWords(slug.sizeBytes) },
            { name: "Stack", value: slug.stack },
            { name: "Elixir", value: meta.elixir || "–" },
            { name: "Erlang", value: meta.erlang || "–" },
            { name: "Version", value: meta.version || "–" },
            { name: "Kind", value: meta.mode === "mix" ? "mix" : `${meta.mode} ${meta.releaseName}` },
          ]}
        />
        <Facts
          className="grid-cols-1"
          facts={[
            { name: "Commit", value: <Copyable text={slug.commit} label="Copy the commit" /> },
            { name: "SHA-256", value: <Copyable text={slug.sha256} label="Copy the checksum" /> },
            ...(meta.buildpacks.length > 0 ? [{ name: "Buildpacks", value: meta.buildpacks.join(", ") }] : []),
            ...Object.entries(meta.processTypes).map(([name, command]) => ({
              name: `Process type ${name}`,
              value: <code className="break-all font-mono text-sm">{command}</code>,
            })),
          ]}
        />
      </CardBody>
    </Card>
  )
}
