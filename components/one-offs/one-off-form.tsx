"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import { runOneOff } from "@/app/(dashboard)/apps/actions"
import { sizeInWords, sizes } from "@/components/apps/size"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import { durationInWords } from "@/components/ui/durations"
import { Field } from "@/components/ui/field"
import { useHydrated } from "@/components/ui/hydrated"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import { TextLink } from "@/components/ui/text-link"
import { whyNot } from "@/server/access/policy"
import { inShell } from "@/server/one-offs/command"
import { DEFAULT_TIME_LIMIT_SECONDS, MAX_AT_ONCE, MAX_TIME_LIMIT_SECONDS } from "@/server/one-offs/limits"
import type { OneOffsView } from "@/server/one-offs/views"
import { exampleOf } from "./example"
import { RunMigrations } from "./run-migrations"

const TIME_LIMITS = [300, DEFAULT_TIME_LIMIT_SECONDS, 21_600, MAX_TIME_LIMIT_SECONDS]

/** Runs a line that a shell reads, and goes to where one sees what it prints. */
export function OneOffForm({ view }: { view: OneOffsView }) {
  const { app, release } = view
  const router = useRouter()
  const isAlive = useHydrated()
  const [line, setLine] = useState("")
  const [size, setSize] = useState<number | null>(null)
  const [timeLimitSeconds, setTimeLimit] = useState(DEFAULT_TIME_LIMIT_SECONDS)
  const [run, pending] = useAction(runOneOff, ({ id }) => router.push(paths.oneOff(app, id)))
  const reason = whyNotRun(view)
  const isOff = reason !== null || !isAlive
  const wanted = line.trim()
  return (
    <Card>
      <CardHeader
        title="Run a command"
        description={
          release ? (
            <>
              Runs in <TextLink href={paths.release(app, release.version)}>v{release.version}</TextLink>, the newest release, with its
              config.
            </>
          ) : (
            <>
              Nothing was deployed yet. <TextLink href={paths.firstPush(app)}>How to push</TextLink>
            </>
          )
        }
        actions={<RunMigrations view={view} reason={reason} />}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!isOff && wanted && !pending) run({ app, command: inShell(wanted), timeLimitSeconds, ...(size === null ? {} : { size }) })
        }}
      >
        <CardBody className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-[minmax(0,1fr)_9rem_8rem]">
          <Field
            className="col-span-2 sm:col-span-1"
            label="Command"
            hint="A shell reads it, in the app's folder. Who sees this app sees it too, and what it prints: leave secrets to the config."
          >
            {(control) => (
              <Input
                {...control}
                value={line}
                disabled={isOff}
                placeholder={exampleOf(release)}
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                className="font-mono"
                onChange={(event) => setLine(event.target.value)}
              />
            )}
          </Field>
          <Field label="Memory">
            {(control) => (
              <Select {...control} disabled={isOff} value={size ?? view.size} onChange={(event) => setSize(Number(event.target.value))}>
                {offered(view.size).map((each) => (
                  <option key={each} value={each}>
                    {sizeInWords(each)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Time limit">
            {(control) => (
              <Select {...control} disabled={isOff} value={timeLimitSeconds} onChange={(event) => setTimeLimit(Number(event.target.value))}>
                {TIME_LIMITS.map((seconds) => (
                  <option key={seconds} value={seconds}>
                    {durationInWords(seconds * 1000)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </CardBody>
        <CardFooter>
          <span className="min-w-0 flex-1">{reason ?? "It goes on when this page is closed, and ends with its time limit."}</span>
          <Button type="submit" variant="primary" pending={pending} reason={reason ?? (wanted ? null : "Type a command first.")}>
            Run
          </Button>
        </CardFooter>
      </form>
    </Card>
  )
}

function whyNotRun({ role, release, isFull }: OneOffsView): string | null {
  const denied = whyNot(role, "one_off:run")
  if (denied) return denied
  if (!release) return "Push this app first: there is nothing to run commands in."
  return isFull ? `${MAX_AT_ONCE} one-offs run already: wait until one has ended, or cancel one.` : null
}

/** One that was set by a command need not be among those that are offered. */
function offered(size: number): number[] {
  return sizes.includes(size) ? sizes : [...sizes, size].sort((a, b) => a - b)
}
