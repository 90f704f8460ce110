import { paths } from "@/components/paths"
import type { ViewName, Views } from "./views"

/** What the server refused, with its status, for whoever decides what to do about it. */
export class ViewError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = "ViewError"
    this.status = status
  }
}

/** Reads a view anew. @throws ViewError when the server refuses, TypeError when it cannot be reached. */
export async function fetchView<K extends ViewName>(name: K, params: Views[K]["params"], signal?: AbortSignal): Promise<Views[K]["data"]> {
  const response = await fetch(paths.data(name, params), { signal: signal ?? null, headers: { accept: "application/json" } })
  const body = (await response.json().catch(() => ({}))) as { data?: Views[K]["data"]; errors?: Record<string, string[]> }
  if (!response.ok || body.data === undefined) throw new ViewError(response.status, messageOf(body.errors))
  return body.data
}

function messageOf(errors: Record<string, string[]> | undefined): string {
  return Object.values(errors ?? {}).flat()[0] ?? "The server did not answer as it should."
}
