"use client"

import { FlaskRound, Plus } from "lucide-react"
import Link from "next/link"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { CommandBlock } from "@/components/ui/command-block"
import { EmptyState } from "@/components/ui/empty-state"
import { PageHeader } from "@/components/ui/page-header"
import { pushCommands } from "./push-commands"

/** Before the first app: what one is, the button that makes it, and what it comes to in a terminal. */
export function FirstApp({ origin, email }: { origin: string; email: string }) {
  return (
    <>
      <PageHeader title="Apps" />
      <Card>
        <EmptyState
          icon={FlaskRound}
          title="Run your first app"
          className="pb-6"
          action={
            <Button asChild variant="primary">
              <Link href={paths.newApp()}>
                <Plus aria-hidden />
                Create an app
              </Link>
            </Button>
          }
        >
          An app is one Elixir project with an address of its own. You push it with git; Phial builds it, starts it, and keeps it running.
        </EmptyState>
        <div className="mx-auto max-w-3xl px-5 pb-12">
          <p className="mb-2 text-ink-3 text-sm">Or in a terminal, in the folder of your project:</p>
          <CommandBlock
            label="Three commands that create an app and push it"
            commands={[
              `curl -u ${encodeURIComponent(email)}:YOUR_API_KEY -X POST ${origin}/api/apps -H 'content-type: application/json' -d '{"unique_name":"my-app"}'`,
              ...pushCommands({ gitRemote: `${origin}/git/my-app.git`, email, apiKey: null }),
            ]}
          />
        </div>
      </Card>
    </>
  )
}
