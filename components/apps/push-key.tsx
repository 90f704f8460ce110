"use client"

import { KeyRound } from "lucide-react"
import { createApiKey } from "@/app/account/actions"
import { useAction } from "@/components/forms/use-action"
import { useRefresh } from "@/components/live/use-refresh"
import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { Copyable } from "@/components/ui/copyable"
import { TextLink } from "@/components/ui/text-link"

/** Makes an API key with a click; it then stands in the commands below, and is shown this once. */
export function PushKey({ app, apiKey, onKey }: { app: string; apiKey: string | null; onKey: (key: string) => void }) {
  const refresh = useRefresh("account")
  const [create, pending] = useAction(createApiKey, ({ key }) => {
    onKey(key)
    return refresh()
  })
  if (apiKey) {
    return (
      <Banner tone="good" role="status" title="It is in the commands below">
        <p>It is shown this once: leave this page only when you have copied it.</p>
        <Copyable text={apiKey} label="Copy the API key" isWhole className="mt-1" />
      </Banner>
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button icon={<KeyRound />} pending={pending} onClick={() => create({ name: `Push to ${app}`.slice(0, 60) })}>
        Create an API key
      </Button>
      <p className="text-ink-3 text-sm">
        Or put one that you have in its place. All of them: <TextLink href={paths.account()}>Account</TextLink>
      </p>
    </div>
  )
}
