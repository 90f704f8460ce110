import { paths } from "@/components/paths"
import { Card, CardBody, CardHeader } from "@/components/ui/card"
import { Copyable } from "@/components/ui/copyable"
import { TextLink } from "@/components/ui/text-link"

/** Where to push. */
export function GitCard({ app, gitRemote }: { app: string; gitRemote: string }) {
  return (
    <Card>
      <CardHeader title="Git" description="A push to main builds and deploys it." />
      <CardBody className="grid gap-2">
        <Copyable text={gitRemote} label="Copy the git remote" />
        <p className="text-ink-3 text-sm">
          The commands with your credentials: <TextLink href={paths.firstPush(app)}>how to push</TextLink>
        </p>
      </CardBody>
    </Card>
  )
}
