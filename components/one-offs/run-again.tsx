"use client"

import { RotateCw } from "lucide-react"
import { useRouter } from "next/navigation"
import { runOneOff } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { type Role, whyNot } from "@/server/access/policy"
import type { OneOffView } from "@/server/one-offs/views"

/** The same words with the same limits, in the release that is newest now. */
export function RunAgain({ oneOff }: { oneOff: OneOffView & { app: string; role: Role } }) {
  const { app, command, size, timeLimitSeconds } = oneOff
  const router = useRouter()
  const [run, pending] = useAction(runOneOff, ({ id }) => router.push(paths.oneOff(app, id)))
  return (
    <Button
      icon={<RotateCw aria-hidden />}
      reason={whyNot(oneOff.role, "one_off:run")}
      pending={pending}
      onClick={() => run({ app, command, size, timeLimitSeconds })}
    >
      Run again
    </Button>
  )
}
