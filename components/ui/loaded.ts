"use client"

import { type ComponentType, useEffect, useState } from "react"

/**
 * A component whose code comes when it is first wanted. `null` until then; also where it could not be fetched, and then asks again
 * at the next wish: a server that is away must not take the page down.
 * @param load made once, outside of components.
 */
export function useLoaded<Props>(load: () => Promise<{ default: ComponentType<Props> }>, isWanted: boolean): ComponentType<Props> | null {
  const [loaded, setLoaded] = useState<{ component: ComponentType<Props> } | null>(null)
  useEffect(() => {
    if (!isWanted || loaded) return
    let isGone = false
    load().then(
      (part) => {
        if (!isGone) setLoaded({ component: part.default })
      },
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [isWanted, loaded, load])
  return loaded?.component ?? null
}
