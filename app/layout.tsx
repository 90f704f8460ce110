import "./globals.css"
import type { Metadata, Viewport } from "next"
import { NuqsAdapter } from "nuqs/adapters/next/app"
import type { ReactNode } from "react"
import { Theme } from "@/components/shell/theme"
import { Toaster } from "@/components/ui/toast"

export const metadata: Metadata = {
  title: { default: "Phial", template: "%s · Phial" },
  description: "The platform for running Elixir apps that a team hosts itself.",
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf9fb" },
    { media: "(prefers-color-scheme: dark)", color: "#0f0d12" },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="font-sans">
        <Theme>
          <NuqsAdapter>{children}</NuqsAdapter>
          <Toaster />
        </Theme>
      </body>
    </html>
  )
}
