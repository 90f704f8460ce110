"use client"

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { type ReactNode, useState } from "react"
import { ViewError } from "./fetch-view"
import { queryDefaults } from "./query-defaults"

const RETRIES = 3

export function QueryProvider({ children }: { children: ReactNode }) {
  const router = useRouter()
  const [client] = useState(() => makeClient(() => router.refresh()))
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}

/** @param reload has the server render the page anew: it then says what became of the session or the app. */
function makeClient(reload: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isFinal(error) && query.state.data !== undefined) reload()
      },
    }),
    defaultOptions: { queries: { ...queryDefaults, retry: (failures, error) => !isFinal(error) && failures < RETRIES } },
  })
}

/** Refused for good: the session ended, or what was looked at is gone. */
function isFinal(error: Error): boolean {
  return error instanceof ViewError && error.status < 500 && error.status !== 429
}
