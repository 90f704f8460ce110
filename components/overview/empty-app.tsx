import { ArrowRight } from "lucide-react"
import Link from "next/link"
import { pushCommands } from "@/components/apps/push-commands"
import { paths } from "@/components/paths"
import { Button } from "@/components/ui/button"
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card"
import { Code } from "@/components/ui/code"
import { CommandBlock } from "@/components/ui/command-block"
import { whyNot } from "@/server/access/policy"
import type { OverviewView } from "@/server/apps/overview-view"

/** Nothing was pushed yet: how to. */
export function EmptyApp({ view, email }: { view: OverviewView; email: string }) {
  const reason = whyNot(view.app.role, "build:push")
  return (
    <Card>
      <CardHeader title="Push your project" description="In its folder, in a terminal. This page shows the build as soon as it arrives." />
      <CardBody className="grid gap-3">
        <CommandBlock
          commands={pushCommands({ gitRemote: view.addresses.gitRemote, email, apiKey: null })}
          label="Commands that push your project"
        />
        <p className="text-ink-3 text-sm">
          <Code>main</Code> and <Code>master</Code> are built; other branches are refused.
        </p>
      </CardBody>
      <CardFooter>
        <span>{reason ?? "No API key at hand? It is made with a click."}</span>
        {reason ? null : (
          <Button asChild variant="primary" size="sm">
            <Link href={paths.firstPush(view.app.name)}>
              Help with the first push
              <ArrowRight aria-hidden />
            </Link>
          </Button>
        )}
      </CardFooter>
    </Card>
  )
}
