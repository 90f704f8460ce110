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

/** The changes so far: what applying them does, and the buttons that do it. */
export function ChangeBar({ view, staged, onEnd }: { view: ConfigView; staged: Staged; onEnd: () => void }) {
  const router = useRouter()
  const which = useRef<"now" | "later">("now")
  const [apply, pending] = useAction(changeConfig, ({ version, isRolledOut }) => {
    onEnd()
    if (version === null) return toast.message("Nothing changed", "All values were the same already.")
    toast.success(
      `v${version} has the new config`,
      isRolledOut ? "It is being rolled out." : "It holds from the next release or restart on.",
      {
        label: `Open v${version}`,
        onClick: () => router.push(paths.release(view.app, version)),
      },
    )
  })
  const words = stagedInWords(staged.size, view)
  const run = (when: "now" | "later") => {
    which.current = when
    apply({ app: view.app, ...asInput(staged), avoidRestart: when === "later" })
  }
  return (
    <section
      aria-label="Changes"
      className="sticky bottom-4 z-20 mt-4 flex animate-rise flex-wrap items-center justify-between gap-3 rounded-lg bg-raised px-5 py-3.5 shadow-float"
    >
      <p role="status" className="min-w-0 flex-1 basis-64 text-ink">
        {words.does}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button variant="ghost" onClick={onEnd}>
          Discard
        </Button>
        {view.isDeployed ? (
          <Button pending={pending && which.current === "later"} title={words.later} onClick={() => run("later")}>
            Save without restart
          </Button>
        ) : null}
        <Button variant="primary" pending={pending && which.current === "now"} onClick={() => run("now")}>
          Apply
        </Button>
      </div>
    </section>
  )
}
