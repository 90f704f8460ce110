"use client"

import { Database } from "lucide-react"
import { useRouter } from "next/navigation"
import { runOneOff } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Code } from "@/components/ui/code"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { TextLink } from "@/components/ui/text-link"
import { MIGRATE } from "@/server/one-offs/command"
import type { OneOffsView } from "@/server/one-offs/views"

/** Ecto's migrations by one button; says before where they run, and how they run by themselves. */
export function RunMigrations({ view: { app, release }, reason }: { view: OneOffsView; reason: string | null }) {
  const router = useRouter()
  const [isOpen, open, close] = useDialogUrl("migrate")
  const [run, pending] = useAction(runOneOff, ({ id }) => router.push(paths.oneOff(app, id)))
  return (
    <>
      <Button icon={<Database aria-hidden />} reason={reason} onClick={open}>
        Run migrations
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && !reason}
        onClose={close}
        onConfirm={() => run({ app, command: [...MIGRATE] })}
        title={`Run the migrations of v${release?.version ?? "?"}?`}
        confirm="Run migrations"
        pending={pending}
      >
        All of Ecto's migrations that the database does not have yet are run, one after the other, by <Code>{MIGRATE.join(" ")}</Code> in a
        container of its own. What serves goes on meanwhile, so it must be able to live with the new schema. To have them run with every
        deploy, set a release command in the <TextLink href={paths.settings(app)}>settings</TextLink>.
      </LazyConfirmDialog>
    </>
  )
}
