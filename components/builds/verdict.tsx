import Link from "next/link"
import { paths } from "@/components/paths"
import { rolloutLook } from "@/components/releases/looks"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import type { Tone } from "@/components/ui/tone"
import type { BuildView } from "@/server/builds/views"

const endings: Record<Tone, string> = {
  good: ", which was rolled out.",
  info: ", which is being rolled out.",
  bad: ", which could not be rolled out.",
  warn: ".",
  neutral: ", which was not rolled out.",
}

/** How it ended and what follows; nothing while it runs. */
export function Verdict({ build }: { build: BuildView }) {
  if (build.state === "failed") {
    return (
      <Banner tone="bad" role="status" title={`Build ${build.number} failed`}>
        {build.reason ?? "Its last lines say why."} Nothing was released; what served before goes on.
      </Banner>
    )
  }
  if (build.state === "cancelled") {
    return (
      <Banner tone="neutral" role="status" title={`Build ${build.number} was cancelled`}>
        {build.reason ?? "Nothing was released; what served before goes on."}
      </Banner>
    )
  }
  if (build.state !== "succeeded" || !build.release) return null
  const { version, rollout } = build.release
  const look = rolloutLook(rollout?.state ?? null)
  return (
    <Banner
      tone={look.tone}
      role="status"
      title={`It made v${version}${endings[look.tone]}`}
      action={
        <Button asChild size="sm">
          <Link href={paths.release(build.app, version)}>Open v{version}</Link>
        </Button>
      }
    >
      {rollout?.reason}
    </Banner>
  )
}
