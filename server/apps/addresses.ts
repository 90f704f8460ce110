import type { App } from "@/server/access"
import type { Env } from "@/server/kernel/env"

/** Where an app is reached from outside. Reckoned from the operator's settings; nothing is stored. */
export interface Addresses {
  /** The app itself, without a slash at its end. */
  url: string
  gitRemote: string
  /** `null` when the range of SSH ports has none for it. */
  ssh: { host: string; port: number } | null
}

export function addressesOf(env: Pick<Env, "url" | "appsPort" | "appsDomain" | "sshPorts">, app: Pick<App, "name" | "number">): Addresses {
  const port = env.appsPort === 80 ? "" : `:${env.appsPort}`
  const sshPort = env.sshPorts.first + app.number - 1
  return {
    url: `http://${app.name}.${env.appsDomain}${port}`,
    gitRemote: `${env.url}/git/${app.name}.git`,
    ssh: sshPort <= env.sshPorts.last ? { host: new URL(env.url).hostname, port: sshPort } : null,
  }
}
