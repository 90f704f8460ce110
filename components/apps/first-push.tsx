"use client"

import { ArrowRight, CircleCheck } from "lucide-react"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { useEffect, useState } from "react"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Breadcrumbs } from "@/components/ui/breadcrumbs"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { Code } from "@/components/ui/code"
import { CommandBlock } from "@/components/ui/command-block"
import { PageHeader } from "@/components/ui/page-header"
import { TextLink } from "@/components/ui/text-link"
import { pushCommands } from "./push-commands"
import { PushKey } from "./push-key"

const FIRST_COMMIT = ["git init -b main", "git add --all", 'git commit -m "First commit"']

/** The two lines to paste, a key for them, and a line that waits and becomes the build. */
export function FirstPush({ app, email }: { app: string; email: string }) {
  const { gitRemote, url, build } = useView("firstPush", { app })
  const [apiKey, setApiKey] = useState<string | null>(null)
  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader
        above={<Breadcrumbs trail={[{ label: "Apps", href: paths.apps() }]} here={app} />}
        title={`${app} is ready for its first push`}
        description={
          <>
            It will answer at <span className="break-all font-mono text-ink text-sm">{url.replace(/^https?:\/\//, "")}</span>.
          </>
        }
      />
      <div className="grid gap-4">
        <Card>
          <CardHeader title="1. A key to push with" description="Git asks for it in place of a password." />
          <CardBody>
            <PushKey app={app} apiKey={apiKey} onKey={setApiKey} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader title="2. Push your project" description="In its folder, in a terminal." />
          <CardBody className="grid gap-3">
            <CommandBlock commands={pushCommands({ gitRemote, email, apiKey })} label="Commands that push your project" />
            <details className="text-ink-2 text-sm">
              <summary className="w-max cursor-pointer rounded-sm text-ink-3 hover:text-ink">It is not in git yet</summary>
              <CommandBlock className="mt-2" commands={FIRST_COMMIT} label="Commands that put a project into git" />
            </details>
            <p className="text-ink-3 text-sm">
              <Code>main</Code> and <Code>master</Code> are built; other branches are refused.
            </p>
          </CardBody>
        </Card>
        <Arrival app={app} build={build} />
      </div>
    </div>
  )
}

/** Waits, then leads to the build. */
function Arrival({ app, build }: { app: string; build: { id: string; number: number } | null }) {
  const router = useRouter()
  const href = build ? paths.build(app, build.id) : null
  useEffect(() => {
    if (href) router.replace(href)
  }, [href, router])
  return (
    <Card>
      <div role="status" className="flex flex-wrap items-center justify-between gap-3 px-5 py-4">
        {href && build ? (
          <>
            <p className="flex items-center gap-2.5 font-medium">
              <CircleCheck aria-hidden className="size-4.5 text-good-mark" />
              Your push arrived: build {build.number} runs.
            </p>
            <Button asChild variant="primary" size="sm">
              <Link href={href}>
                Watch it
                <ArrowRight aria-hidden />
              </Link>
            </Button>
          </>
        ) : (
          <>
            <p className="flex items-center gap-3 font-medium">
              <span aria-hidden className="relative grid size-4.5 place-items-center">
                <span className="absolute size-4.5 animate-breathe rounded-full bg-accent-soft" />
                <span className="relative size-2 rounded-full bg-accent" />
              </span>
              Waiting for your push…
            </p>
            <p className="text-ink-3 text-sm">
              This turns into the live build. <TextLink href={paths.app(app)}>Skip</TextLink>
            </p>
          </>
        )}
      </div>
    </Card>
  )
}
