"use client"

import { useRouter } from "next/navigation"
import { useRef } from "react"
import { changeConfig } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"
import type { ConfigView } from "@/server/config/views"
import { asInput, type Staged, stagedInWords } from "./staged"

type When = ConfigView["configChanges"]

/** The changes so far: what applying them does, and the buttons that do it. The app's own way comes first. */
export function ChangeBar({ view, staged, onEnd }: { view: ConfigView; staged: Staged; onEnd: () => void }) {
  const router = useRouter()
  const chosen = useRef<When>("now")
  const [apply, pending] = useAction(changeConfig, ({ version, isRolledOut }) => {
    onEnd()
    if (version === null) return toast.message("Nothing changed", "All values were the same already.")
    const follows = view.isDeployed ? "It is held until the next deploy." : "The first deploy takes it."
    toast.success(`v${version} has the new config`, isRolledOut ? "It is being rolled out." : follows, {
      label: `Open v${version}`,
      onClick: () => router.push(paths.release(view.app, version)),
    })
  })
  const words = stagedInWords(staged.size, view)
  const run = (when: When) => {
    chosen.current = when
    apply({ app: view.app, ...asInput(staged), when })
  }
  const button = (when: When, label: string) => (
    <Button
      key={when}
      variant={when === view.configChanges || !view.isDeployed ? "primary" : "secondary"}
      pending={pending && chosen.current === when}
      title={when === "now" ? words.now : words.held}
      onClick={() => run(when)}
    >
      {label}
    </Button>
  )
  const both = [button("next_deploy", "Hold until the next deploy"), button("now", "Apply now")]
  return (
    <section
      aria-label="Changes"
      className="sticky bottom-4 z-20 mt-4 flex animate-rise flex-wrap items-center justify-between gap-3 rounded-lg bg-raised px-5 py-3.5 shadow-float"
    >
      <p role="status" className="min-w-0 flex-1 basis-64 text-ink">
        {view.isDeployed && view.configChanges === "next_deploy" ? words.held : words.now}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button variant="ghost" onClick={onEnd}>
          Discard
        </Button>
        {view.isDeployed ? (view.configChanges === "now" ? both : both.reverse()) : button("now", "Apply")}
      </div>
    </section>
  )
}
