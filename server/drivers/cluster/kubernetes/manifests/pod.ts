import type { Container, EnvVar, PodSpec, Secret as SecretObject } from "kubernetes-types/core/v1"
import type { ObjectMeta } from "kubernetes-types/meta/v1"
import { AppError } from "@/server/kernel/errors"
import { Secret } from "@/server/kernel/secret"
import { SERVICE_ACCOUNT } from "./names"
import type { ClusterSettings } from "./settings"

export const HTTP_PORT = 4000
export const SSH_PORT = 2222
/** Between SIGTERM and SIGKILL, as in containers of one machine. */
export const STOP_GRACE_SECONDS = 10

/** The stack's images know this user as `app`. */
const APP_UID = 1000
const MEGABYTES_OF_SIZE_1 = 1000
const DISK = "2G"

/** What is in common to all that runs an app's code. */
export interface PodOrder {
  stack: string
  size: number
  /** Of the Secret that holds its environment. */
  envSecret: string
  args: readonly string[]
}

/**
 * A pod by the rules of the Pod Security Standard "restricted", on a read-only root. It may write to /app, /tmp and /run; what the
 * entrypoint keeps in /run (the config among it) never reaches a disk.
 */
export function podSpec(settings: ClusterSettings, order: PodOrder, more: Partial<Container>): PodSpec {
  const image = settings.images[order.stack]
  if (!image) throw new AppError("unavailable", `There is no image of the stack ${order.stack}: make it, and name it in Phial's settings.`)
  return {
    serviceAccountName: SERVICE_ACCOUNT,
    // For libcluster, which asks the API server who else is there.
    automountServiceAccountToken: true,
    // Else each Service of the namespace would be in the app's environment.
    enableServiceLinks: false,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: APP_UID, runAsGroup: APP_UID, fsGroup: APP_UID },
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "app",
        image,
        imagePullPolicy: "IfNotPresent",
        command: ["/phial/entrypoint"],
        args: [...order.args],
        workingDir: "/app",
        env: ownEnvironment,
        envFrom: [{ secretRef: { name: order.envSecret } }],
        resources: resourcesOf(settings, order.size),
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        volumeMounts: [
          { name: "app", mountPath: "/app" },
          { name: "tmp", mountPath: "/tmp" },
          { name: "run", mountPath: "/run" },
        ],
        ...more,
      },
    ],
    volumes: [
      { name: "app", emptyDir: { sizeLimit: DISK } },
      { name: "tmp", emptyDir: { sizeLimit: DISK } },
      { name: "run", emptyDir: { medium: "Memory", sizeLimit: "16M" } },
    ],
  }
}

/** What only the pod itself can say. */
const ownEnvironment: EnvVar[] = [
  { name: "HOME", value: "/app" },
  { name: "MY_POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
]

/**
 * Memory is reserved in full: what a node has promised twice ends in apps that are killed for their neighbours. CPU is shared: a small one
 * may use two CPUs that are idle, as the BEAM boots in half the time.
 */
function resourcesOf({ cpuMillis }: ClusterSettings, size: number): NonNullable<Container["resources"]> {
  const memory = memoryOf(size)
  return {
    requests: { cpu: `${Math.max(1, Math.round(size * cpuMillis))}m`, memory, "ephemeral-storage": "100M" },
    limits: { cpu: String(Math.max(2, size)), memory, "ephemeral-storage": DISK },
  }
}

/** 1 is 10^9 bytes. As the API server writes it, so that what is read is what was written. */
export function memoryOf(size: number): string {
  const megabytes = Math.round(size * MEGABYTES_OF_SIZE_1)
  return megabytes % 1000 === 0 ? `${megabytes / 1000}G` : `${megabytes}M`
}

/** Keys in an order of their own: the same environment is the same Secret. */
export function envSecret(metadata: ObjectMeta, env: Readonly<Record<string, string | Secret>>): SecretObject {
  const values = Object.entries(env).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value] as const)
  const data = values.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, Buffer.from(value).toString("base64")])
  return { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: Object.fromEntries(data) }
}
