"use client"

import { Download, FileUp, KeyRound, Plus } from "lucide-react"
import { useState } from "react"
import { readConfig } from "@/app/(dashboard)/apps/actions"
import { AppHeader } from "@/components/apps/app-header"
import { useAction } from "@/components/forms/use-action"
import { useLeaveWarning } from "@/components/forms/use-leave-warning"
import { saveFile } from "@/components/lines/save-file"
import { useView } from "@/components/live/use-view"
import { Button } from "@/components/ui/button"
import { Card, CardHeader } from "@/components/ui/card"
import { Code } from "@/components/ui/code"
import { useDialogUrl } from "@/components/ui/dialog-url"
import { EmptyState } from "@/components/ui/empty-state"
import { toast } from "@/components/ui/toast"
import { whyNot } from "@/server/access/policy"
import { ChangeBar } from "./change-bar"
import { ConfigHistory } from "./config-history"
import { ConfigKeyLine } from "./config-key-line"
import { HeldBanner } from "./held-banner"
import { ImportDialog } from "./import-dialog"
import { KeyDialog } from "./key-dialog"
import type { Staged } from "./staged"

/** An app's config: what is changed here is put together first, looked at, and then applied as one release. */
export function ConfigPage({ app }: { app: string }) {
  const view = useView("config", { app })
  const [staged, setStaged] = useState<Staged>(new Map())
  const [edited, setEdited] = useState<string | null>(null)
  const [isAdding, openAdding, closeAdding] = useDialogUrl("add")
  const [isImporting, openImporting, closeImporting] = useDialogUrl("import")
  const [exportAll, isExporting] = useExport(app)
  useLeaveWarning(staged.size > 0)

  const mayChange = whyNot(view.role, "config:change")
  const mayReveal = whyNot(view.role, "config:reveal")
  const stage = (changes: [string, string | null | undefined][]) =>
    setStaged((before) => {
      const next = new Map(before)
      for (const [key, value] of changes) {
        if (value === undefined) next.delete(key)
        else next.set(key, value)
      }
      return next
    })
  const known = new Set(view.keys.map(({ key }) => key))
  const added = [...staged].filter(([key, value]) => !known.has(key) && value !== null).map(([key]) => key)
  const isEmpty = view.keys.length + added.length === 0
  return (
    <>
      <AppHeader
        app={app}
        here="Config"
        description="Reaches replicas and builds as environment variables. Values are encrypted; who looks at one is written down."
        actions={
          <>
            <Button
              icon={<Download aria-hidden />}
              reason={mayReveal ?? (view.keys.length === 0 ? "There is nothing to export." : null)}
              pending={isExporting}
              onClick={() => exportAll({ app })}
            >
              Export
            </Button>
            <Button icon={<FileUp aria-hidden />} reason={mayChange} onClick={openImporting}>
              Import
            </Button>
            <Button variant="primary" icon={<Plus aria-hidden />} reason={mayChange} onClick={openAdding}>
              Add a key
            </Button>
          </>
        }
      />
      <div className="grid gap-4">
        {view.held ? <HeldBanner app={app} role={view.role} held={view.held} isAsleep={view.running === 0} /> : null}
        <Card>
          {isEmpty ? (
            <EmptyState
              icon={KeyRound}
              title="No key yet"
              action={
                <>
                  <Button variant="primary" reason={mayChange} onClick={openAdding}>
                    Add the first
                  </Button>
                  <Button reason={mayChange} onClick={openImporting}>
                    Import a .env file
                  </Button>
                </>
              }
            >
              Put here what differs from place to place and what is secret, as <Code>DATABASE_URL</Code>. <Code>PORT</Code>,{" "}
              <Code>SECRET_KEY_BASE</Code> and the cookie for clustering are there already.
            </EmptyState>
          ) : (
            <>
              <CardHeader title={`${view.keys.length} ${view.keys.length === 1 ? "key" : "keys"}`} />
              <ul aria-label="Keys" className="divide-y divide-line border-line border-t">
                {added.map((key) => (
                  <ConfigKeyLine
                    key={key}
                    app={app}
                    name={key}
                    entry={null}
                    staged={staged.get(key)}
                    mayChange={mayChange}
                    mayReveal={mayReveal}
                    onEdit={() => setEdited(key)}
                    onStage={(value) => stage([[key, value]])}
                  />
                ))}
                {view.keys.map((entry) => (
                  <ConfigKeyLine
                    key={entry.key}
                    app={app}
                    name={entry.key}
                    entry={entry}
                    staged={staged.get(entry.key)}
                    mayChange={mayChange}
                    mayReveal={mayReveal}
                    onEdit={() => setEdited(entry.key)}
                    onStage={(value) => stage([[entry.key, value]])}
                  />
                ))}
              </ul>
            </>
          )}
        </Card>
        <ConfigHistory view={view} mayChange={mayChange} />
      </div>
      {staged.size > 0 ? <ChangeBar view={view} staged={staged} onEnd={() => setStaged(new Map())} /> : null}
      <KeyDialog
        app={app}
        isOpen={(isAdding || edited !== null) && mayChange === null}
        edited={edited}
        isStored={edited !== null && known.has(edited)}
        stagedValue={(edited === null ? null : staged.get(edited)) ?? null}
        onStage={(key, value) => stage([[key, value]])}
        onClose={() => {
          setEdited(null)
          if (isAdding) closeAdding()
        }}
      />
      <ImportDialog
        isOpen={isImporting && mayChange === null}
        known={known}
        onClose={closeImporting}
        onStage={(values) => stage(Object.entries(values))}
      />
    </>
  )
}

function useExport(app: string) {
  return useAction(readConfig, async (values) => {
    const { formatDotenv } = await import("@/server/config/dotenv")
    const readable = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== null)
    saveFile(`${app}.env`, formatDotenv(Object.fromEntries(readable)))
    const lost = Object.keys(values).length - readable.length
    toast.success(
      "Exported",
      lost > 0
        ? `${lost} could not be decrypted and ${lost === 1 ? "is" : "are"} left out.`
        : "Keep the file safe: it holds all secrets of the app.",
    )
  })
}
