import type { ReactNode } from "react"
import { AppTabs } from "./app-tabs"
import { Drawer } from "./drawer"
import { PaletteProvider } from "./palette"
import { Sidebar } from "./sidebar"

/** What stands around every page: a side bar where there is room, a top bar with a drawer where there is not. */
export function Shell({ email, children }: { email: string; children: ReactNode }) {
  return (
    <PaletteProvider>
      <a
        href="#content"
        className="sr-only rounded-md bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50"
      >
        Skip to the content
      </a>
      <div className="lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh border-line border-r bg-surface lg:block">
          <Sidebar email={email} />
        </aside>
        <div className="min-w-0">
          <Drawer email={email} />
          <AppTabs />
          <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl px-4 pt-6 pb-16 outline-none sm:px-8 lg:pt-9">
            {children}
          </main>
        </div>
      </div>
    </PaletteProvider>
  )
}
