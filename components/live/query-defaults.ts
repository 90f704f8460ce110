/** Shared by the server's render and the browser. The stream says what went stale; looking again on focus repairs what it missed. */
export const queryDefaults = { staleTime: 20_000, refetchOnWindowFocus: true, refetchOnReconnect: true } as const
