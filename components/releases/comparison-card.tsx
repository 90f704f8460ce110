"use client"

import type { Route } from "next"
import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { paths } from "@/components/paths"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { cn } from "@/components/ui/cn"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { TextLink } from "@/components/ui/text-link"
import type { ReleaseView } from "@/server/releases/views"
import { ConfigDifference } from "./config-difference"
import { SlugDifference } from "./slug-difference"

/** More than these are reached by the URL: `?against=`. */
const OFFERED = 100

/** What differs from the release before, or from any other. */
export function ComparisonCard({ app, view }: { app: string; view: ReleaseView }) {
  const router = useRouter()
  const [pending, start] = useTransition()
  const { release, against, latest } = view
  if (!against) return null
  const others = Array.from({ length: Math.min(latest, OFFERED) }, (_, i) => latest - i).filter((version) => version !== release.version)
  const chosen = against.release.version
  return (
    <Card className={cn(pending && "opacity-70")}>
      <CardHeader
        title="What differs"
        actions={
          <>
            <TextLink href={paths.compare(app, { from: chosen, to: release.version })} className="text-sm">
              Side by side
            </TextLink>
            <Field label="From" className="flex items-center gap-2">
              {(control) => (
                <Select
                  {...control}
                  className="w-28"
                  value={chosen}
                  onChange={(event) =>
                    start(() =>
                      router.replace(`${paths.release(app, release.version)}?against=${event.target.value}` as Route, { scroll: false }),
                    )
                  }
                >
                  {(others.includes(chosen) ? others : [chosen, ...others]).map((version) => (
                    <option key={version} value={version}>
                      v{version}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </>
        }
      />
      <CardBody className="grid gap-4">
        <SlugDifference from={against.release} to={release} />
        <div>
          <h3 className="mb-1.5 font-medium text-ink-3 text-sm">Config</h3>
          <ConfigDifference config={against.config} none="The same keys with the same values." />
        </div>
      </CardBody>
    </Card>
  )
}
