import type { Route } from "next"

/** Every address of the dashboard, made in one place. Pure. */
const to = (...parts: (string | number)[]) => `/${parts.map((part) => encodeURIComponent(part)).join("/")}` as Route

export const paths = {
  signIn: () => to("sign-in"),
  signUp: () => to("sign-up"),
  confirmSignUp: (signUpId: string, email: string) =>
    `/sign-up/confirm?id=${encodeURIComponent(signUpId)}&email=${encodeURIComponent(email)}` as Route,
  apps: () => to("apps"),
  newApp: () => to("apps", "new"),
  /** The new app's page while it waits for its first push. */
  firstPush: (app: string) => `/apps/new?app=${encodeURIComponent(app)}` as Route,
  app: (app: string) => to("apps", app),
  releases: (app: string) => to("apps", app, "releases"),
  release: (app: string, version: number) => to("apps", app, "releases", version),
  /** Two releases side by side; the newest and the one before where they are not said. */
  compare: (app: string, versions?: { from: number; to: number }) =>
    `${to("apps", app, "releases", "compare")}${versions ? `?from=v${versions.from}&to=v${versions.to}` : ""}` as Route,
  build: (app: string, buildId: string) => to("apps", app, "builds", buildId),
  oneOffs: (app: string) => to("apps", app, "one-offs"),
  oneOff: (app: string, id: string) => to("apps", app, "one-offs", id),
  config: (app: string) => to("apps", app, "config"),
  logs: (app: string) => to("apps", app, "logs"),
  scale: (app: string) => to("apps", app, "scale"),
  settings: (app: string) => to("apps", app, "settings"),
  account: () => to("account"),
  /** The stream of changes: of one app, or of all that one sees. */
  events: (app?: string) => (app ? `/events?app=${encodeURIComponent(app)}` : "/events"),
  data: (view: string, params: object) => `/data/${view}?params=${encodeURIComponent(JSON.stringify(params))}`,
}
