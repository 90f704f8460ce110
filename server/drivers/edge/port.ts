/** What a request to an app's addresses gets. Every state but `serving` has a page that says what to do. */
export type PageState = "serving" | "no_release" | "scaled_to_zero" | "maintenance"

export interface AppRoute {
  appId: string
  appName: string
  /** Besides `<app>.<PHIAL_APPS_DOMAIN>`: the custom domains. */
  hosts: readonly string[]
  state: PageState
  /** The port that leads to SSH in its replicas, whatever its state; without it, none does. */
  sshPort?: number | null
}

/** Brings requests to replicas. Embedded: HAProxy. Kubernetes: Ingress. */
export interface Edge {
  /** Makes the app reachable in this state. Repeatable; within a second in effect, without a failed request for any app. */
  route(route: AppRoute): Promise<void>
  /** The app's addresses answer "no such app" from now on. Repeatable. */
  unroute(appId: string): Promise<void>
  /** Whether it takes requests, and what is wrong in words. */
  health(): Promise<{ isUp: boolean; detail: string }>
}

/** One place that answers for an app. */
export interface Endpoint {
  /** The replica's id. */
  id: string
  /** `ip:port`. */
  address: string
  /** `ip:port` of its SSH server, for active ones; without it, nobody is sent there. */
  sshAddress?: string
  /** `active` takes requests, `standby` takes them when no active one can, `draining` only finishes what it has. */
  traffic: "active" | "standby" | "draining"
}

/** The half of the embedded edge that the embedded cluster drives; Kubernetes has its Services instead. */
export interface Balancer {
  /** Makes exactly these serve the app. Repeatable. Returns when it is in effect. */
  balance(app: { id: string; name: string }, endpoints: readonly Endpoint[], check: HealthProbe): Promise<void>
  /** What is open right now, by endpoint id; an endpoint that is not listed has nothing. */
  connections(app: { id: string; name: string }): Promise<Map<string, OpenConnections>>
  /**
   * Closes WebSockets until each of these endpoints has at most so many; those of all others stay. Requests are never cut.
   * Repeatable: who died half-way does no harm by saying it again.
   */
  closeSockets(app: { id: string; name: string }, atMost: ReadonlyMap<string, number>): Promise<void>
}

/** Of one endpoint. */
export interface OpenConnections {
  /** Not answered in full yet, however long the answer streams. */
  requests: number
  /** WebSockets. */
  sockets: number
  sshSessions: number
}

export interface HealthProbe {
  kind: "tcp" | "http"
  path: string
  /** Of an answer: a status or a range of them; any from 200 to 399 where it is not said. */
  expectedStatus?: string
  intervalSeconds: number
}
