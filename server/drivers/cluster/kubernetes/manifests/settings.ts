/** Pods of the cluster that are not an app's: found by the labels of their namespace and their own. */
export interface Peer {
  namespace: Record<string, string>
  pods: Record<string, string>
}

/** What the operator says about the cluster, and what the driver learned of it. The same for all apps. */
export interface ClusterSettings {
  /** Tells two Phials in one cluster apart: the names of namespaces begin with it. */
  instance: string
  /** By stack. They are there, or the nodes can fetch them. */
  images: Readonly<Record<string, string>>
  /** What brings requests to apps, and what brings SSH. */
  ingress: Peer
  sshIngress: Peer
  /** The run-container API: Phial's web process. */
  platform: Peer & { port: number }
  /** Where pods, services and nodes have their addresses (CIDR): the inside, that apps do not reach. */
  inside: readonly string[]
  /** The API server as pods come to it, for libcluster. */
  apiServer: readonly { address: string; port: number }[]
  /** CPU that a replica of size 1 is sure of, in thousandths. */
  cpuMillis: number
  /** What the API server serves: `apps/v1`, `policy/v1` … */
  served: ReadonlySet<string>
}
