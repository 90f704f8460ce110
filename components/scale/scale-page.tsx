"use client"

import { ArrowRight, Minus, Plus } from "lucide-react"
import { type ReactNode, useState } from "react"
import { scaleApp } from "@/app/(dashboard)/apps/actions"
import { AppHeader } from "@/components/apps/app-header"
import { sizeInWords, sizes } from "@/components/apps/size"
import { useAction } from "@/components/forms/use-action"
import { useView } from "@/components/live/use-view"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter } from "@/components/ui/card"
import { Field } from "@/components/ui/field"
import { IconButton } from "@/components/ui/icon-button"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import { TextLink } from "@/components/ui/text-link"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import { MAX_REPLICAS } from "@/server/apps/limits"
import type { ScaleView } from "@/server/apps/scale-view"
import { dollars, monthlyPrice, type Scale, scalingInWords, scalingWarning } from "./scale-words"

/** How many replicas, how large: what it does and costs is said before it is done. */
export function ScalePage({ app }: { app: string }) {
  const view = useView("scale", { app })
  // What was not touched follows the server.
  const [touched, setTouched] = useState<Partial<Scale>>({})
  const from = { replicas: view.replicas, size: view.size }
  const to = { ...from, ...touched }
  const does = scalingInWords(from, to, view)
  const warning = scalingWarning(from, to)
  const [scale, pending] = useAction(scaleApp, () => {
    setTouched({})
    toast.success(`${app} is being scaled`)
  })
  const denied = whyNot(view.role, "app:scale")
  return (
    <>
      <AppHeader app={app} here="Scale" description={nowInWords(view)} />
      <form
        className="grid max-w-3xl gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!denied && does) scale({ app, ...to })
        }}
      >
        {view.underWay ? (
          <Banner tone="info">
            A change is being rolled out. What is applied now follows it. <TextLink href={paths.app(app)}>Watch it</TextLink>
          </Banner>
        ) : null}
        <Card>
          <CardBody className="grid gap-6 pt-5 sm:grid-cols-2">
            <Replicas value={to.replicas} isDisabled={denied !== null} onChange={(replicas) => setTouched({ ...touched, replicas })} />
            <Field label="Size" hint="Memory of each replica; CPU goes with it.">
              {(control) => (
                <Select
                  {...control}
                  disabled={denied !== null}
                  value={to.size}
                  onChange={(event) => setTouched({ ...touched, size: Number(event.target.value) })}
                >
                  {offered(view.size).map((size) => (
                    <option key={size} value={size}>
                      {sizeInWords(size)} · {size} CPU {size === 1 ? "share" : "shares"}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </CardBody>
          <Comparison from={from} to={to} />
          <CardFooter>
            <span className="min-w-0 flex-1 text-ink-2" role="status">
              {denied ?? does ?? "Nothing to change."}
            </span>
            <div className="flex gap-2">
              {does ? <Button onClick={() => setTouched({})}>Discard</Button> : null}
              <Button
                type="submit"
                variant="primary"
                pending={pending}
                reason={denied ?? (does ? null : "Choose other replicas or another size first.")}
              >
                Apply
              </Button>
            </div>
          </CardFooter>
        </Card>
        {warning ? <Banner tone="warn">{warning}</Banner> : null}
        {view.heldVersion !== null && to.size !== from.size ? (
          <Banner tone="info">The replicas of the new size get the config of v{view.heldVersion} too, which is held until now.</Banner>
        ) : null}
      </form>
    </>
  )
}

/** One that was set by a command need not be among those that are offered. */
function offered(size: number): number[] {
  return sizes.includes(size) ? sizes : [...sizes, size].sort((a, b) => a - b)
}

function nowInWords({ running, replicas, size, isDeployed }: ScaleView): string {
  if (!isDeployed) return `Nothing runs yet. The first deploy starts ${Math.max(1, replicas)}, each with ${sizeInWords(size)}.`
  return `${running} of ${replicas} ${replicas === 1 ? "replica" : "replicas"} healthy, each with ${sizeInWords(size)} of memory.`
}

function Replicas({ value, isDisabled, onChange }: { value: number; isDisabled: boolean; onChange: (value: number) => void }) {
  const bounded = (count: number) => Math.min(MAX_REPLICAS, Math.max(0, Math.trunc(count) || 0))
  return (
    <Field label="Replicas" hint={`0 to ${MAX_REPLICAS}. Two or more stay up while one is replaced.`}>
      {(control) => (
        <div className="flex items-center gap-1.5">
          <IconButton
            variant="secondary"
            label="One less"
            icon={<Minus aria-hidden />}
            disabled={isDisabled || value === 0}
            onClick={() => onChange(bounded(value - 1))}
          />
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={0}
            max={MAX_REPLICAS}
            disabled={isDisabled}
            value={value}
            onChange={(event) => onChange(bounded(event.target.valueAsNumber))}
            className="w-20 text-center"
          />
          <IconButton
            variant="secondary"
            label="One more"
            icon={<Plus aria-hidden />}
            disabled={isDisabled || value === MAX_REPLICAS}
            onClick={() => onChange(bounded(value + 1))}
          />
        </div>
      )}
    </Field>
  )
}

function Comparison({ from, to }: { from: Scale; to: Scale }) {
  const memory = ({ replicas, size }: Scale) => (replicas === 0 ? "none" : sizeInWords(replicas * size))
  const shares = ({ replicas, size }: Scale) => String(Number((replicas * size).toFixed(1)))
  return (
    <div className="border-line border-t px-5 py-4">
      <dl className="grid gap-4 sm:grid-cols-3">
        <Change name="Memory in all" from={memory(from)} to={memory(to)} />
        <Change name="CPU shares in all" from={shares(from)} to={shares(to)} />
        <Change name="A month" from={dollars(monthlyPrice(from))} to={dollars(monthlyPrice(to))} />
      </dl>
      <p className="mt-3 text-ink-3 text-sm">
        Reckoned at Gigalixir's $5 for 100 MB, a replica, a month, by the second. What is charged on this Phial is up to whoever runs it.
      </p>
    </div>
  )
}

function Change({ name, from, to }: { name: string; from: ReactNode; to: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-3 text-sm">{name}</dt>
      <dd className="mt-0.5 flex items-center gap-2 font-medium text-lg tabular-nums">
        {from === to ? (
          to
        ) : (
          <>
            <span className="text-ink-3">{from}</span>
            <ArrowRight aria-label="becomes" className="size-4 text-ink-3" />
            {to}
          </>
        )}
      </dd>
    </div>
  )
}
