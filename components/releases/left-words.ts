/** What a replica that drains has still to finish: "12 WebSockets and 1 request left". Pure. */
export function leftInWords({ openRequests, openSockets }: { openRequests: number | null; openSockets: number | null }): string {
  if (openRequests === null && openSockets === null) return "finishing what they have"
  const parts = [counted(openSockets ?? 0, "WebSocket"), counted(openRequests ?? 0, "request")].filter(Boolean)
  return parts.length === 0 ? "nothing left to finish" : `${parts.join(" and ")} left`
}

function counted(count: number, what: string): string {
  return count === 0 ? "" : `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`
}
