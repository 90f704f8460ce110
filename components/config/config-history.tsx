"use client"

import { restoreConfig } from "@/app/(dashboard)/apps/actions"
import { useAction } from "@/components/forms/use-action"
import { paths } from "@/components/paths"
import { ConfigDifference } from "@/components/releases/config-difference"
import { Summary } from "@/components/releases/summary"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { LazyConfirmDialog } from "@/components/ui/lazy-confirm-dialog"
import { RelativeTime } from "@/components/ui/relative-time"
import { TextLink } from "@/components/ui/text-link"
import { toast } from "@/components/ui/toast"
import type { ConfigView } from "@/server/config/views"

type Version = ConfigView["history"][number]

/** Every config there was, newest first, with what it changed; any of them can be brought back. */
export function ConfigHistory({ view, mayChange }: { view: ConfigView; mayChange: string | null }) {
  const [newest] = view.history
  if (view.history.length < 2) return null
  return (
    <Card>
      <CardHeader title="History" description="Bringing one back makes a new release; the code stays." />
      <ol className="divide-y divide-line border-line border-t">
        {view.history.map((version) => (
          <li key={version.number} className="flex flex-wrap items-start justify-between gap-3 px-5 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="flex flex-wrap items-center gap-x-2">
                <TextLink href={paths.release(view.app, version.release)} className="font-mono">
                  v{version.release}
                </TextLink>
                {version === newest ? <Badge tone="good">Current</Badge> : null}
                <span className="text-ink-3 text-sm">
                  <RelativeTime at={version.at} />
                  {version.by ? ` by ${version.by}` : ""}
                </span>
              </p>
              <div className="mt-1.5">
                <ConfigDifference config={version} none={<Summary text={version.summary} />} />
              </div>
            </div>
            {version === newest ? null : <Restore view={view} version={version} mayChange={mayChange} />}
          </li>
        ))}
      </ol>
    </Card>
  )
}

function Restore({ view, version, mayChange }: { view: ConfigView; version: Version; mayChange: string | null }) {
  const [isOpen, open, close] = useDialogUrl(`restore-${version.number}`)
  const [restore, pending] = useAction(restoreConfig, (applied) => {
    close()
    toast.success(
      applied.version === null ? "Nothing changed: the same keys and values" : `v${applied.version} has the config of v${version.release}`,
    )
  })
  return (
    <>
      <Button size="sm" reason={mayChange} onClick={open}>
        Bring back
      </Button>
      <LazyConfirmDialog
        isOpen={isOpen && mayChange === null}
        onClose={close}
        onConfirm={() => restore({ app: view.app, version: version.number })}
        title={`Bring back the config of v${version.release}?`}
        confirm="Bring it back"
        pending={pending}
      >
        <p>
          Makes v{view.nextVersion} with exactly the keys and values of v{version.release}
          {follows(view)}. What changed since is taken back:
        </p>
        <div className="mt-3 rounded-md border border-line bg-canvas p-4">
          <ConfigDifference config={takenBack(view.history, version)} none="Nothing but values that were set to the same." />
        </div>
      </LazyConfirmDialog>
    </>
  )
}

function follows({ isDeployed, configChanges }: ConfigView): string {
  if (!isDeployed) return ""
  return configChanges === "now" ? ", and rolls it out" : ", held until the next deploy"
}

/** What going back to a version does to the keys, told from the changes since, oldest first. Pure. */
function takenBack(history: Version[], version: Version): { added: string[]; changed: string[]; removed: string[] } {
  const since = history.filter(({ number }) => number > version.number).reverse()
  const first = new Map<string, "added" | "changed" | "removed">()
  const last = new Map<string, "added" | "changed" | "removed">()
  for (const change of since) {
    for (const kind of ["added", "changed", "removed"] as const) {
      for (const key of change[kind]) {
        if (!first.has(key)) first.set(key, kind)
        last.set(key, kind)
      }
    }
  }
  const wasThere = (key: string) => first.get(key) !== "added"
  const isThere = (key: string) => last.get(key) !== "removed"
  const keys = [...first.keys()].sort()
  return {
    added: keys.filter((key) => wasThere(key) && !isThere(key)),
    changed: keys.filter((key) => wasThere(key) && isThere(key)),
    removed: keys.filter((key) => !wasThere(key) && isThere(key)),
  }
}
