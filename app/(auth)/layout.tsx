import type { ReactNode } from "react"
import { Wordmark } from "@/components/shell/logo"

/** The pages of people who are not signed in: one thing each, in the middle. */
export default function SignedOutLayout({ children }: { children: ReactNode }) {
  return (
    <div className="relative isolate flex min-h-dvh flex-col items-center overflow-hidden px-4 pt-10 pb-16 sm:pt-[12vh]">
      <div
        aria-hidden
        className="absolute inset-x-0 -top-72 -z-10 mx-auto h-144 max-w-4xl rounded-full bg-[radial-gradient(closest-side,var(--glow),transparent)]"
      />
      <header>
        <Wordmark className="mb-7 text-lg" />
      </header>
      <main className="w-full max-w-md">{children}</main>
    </div>
  )
}
