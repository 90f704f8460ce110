import { type Load, startLoad as start } from "../../server/testing/load"

export type { Load }

/**
 * Asks an app so many times a second, half on kept connections, half on new ones; see there.
 * @param atMostSeconds after which it ends by itself.
 */
export function startLoad(appsPort: number, app: string, perSecond: number, path = "/healthz", atMostSeconds = 300): Load {
  return start({ port: appsPort, host: `${app}.localhost`, perSecond, path, atMostSeconds })
}
