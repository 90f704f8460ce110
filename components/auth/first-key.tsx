"use client"

import { paths } from "@/components/paths"
import { Banner } from "@/components/ui/banner"
import { Button } from "@/components/ui/button"
import { Copyable } from "@/components/ui/copyable"

/** The account is made: its API key, which nothing shows again. */
export function FirstKey({ email, apiKey }: { email: string; apiKey: string }) {
  return (
    <div className="grid gap-5">
      <Banner tone="good" role="status" title="Your account is ready">
        You are signed in as {email}.
      </Banner>
      <div>
        <p className="font-medium text-sm">Your API key</p>
        <div className="mt-1.5 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
          <Copyable text={apiKey} label="Copy the API key" isWhole className="w-full justify-between" />
        </div>
        <p className="mt-1.5 text-ink-3 text-sm">
          It is the password for <span className="font-mono">git push</span> and the command line. It is shown this once; you can make
          others at any time.
        </p>
      </div>
      <Button asChild variant="primary" size="lg">
        <a href={paths.apps()}>Go on to your apps</a>
      </Button>
    </div>
  )
}
