import { createHash } from "node:crypto"
import type { ObjectMeta } from "kubernetes-types/meta/v1"
import type { ClusterApp } from "../../port"
import type { ClusterSettings } from "./settings"

/** Who has written a field, as server-side apply keeps it. */
const FIELD_MANAGER = "phial"
export const SERVICE_ACCOUNT = "app"

export const LABEL = {
  managedBy: "app.kubernetes.io/managed-by",
  instance: "phial.dev/instance",
  appId: "phial.dev/app-id",
  app: "phial.dev/app",
  /** Of all replicas that one Deployment keeps. */
  set: "phial.dev/set",
  oneOff: "phial.dev/one-off",
  /** What Gigalixir's documentation tells libcluster to look for. */
  repo: "repo",
} as const

/** An app's own: an app's name has 40 characters at most, a namespace's 63. */
export const namespaceOf = ({ instance }: ClusterSettings, app: ClusterApp) => `${instance}-${app.name}`

/** An annotation: which generation a set is, which changes with a hot upgrade. Pods do not start anew for it. */
export const GENERATION = "phial.dev/generation"

/** The set that a generation starts in. Of a digest: ids made one after the other may begin alike. */
export const setOf = (app: ClusterApp, generationId: string) =>
  `${app.name}-${createHash("sha256").update(generationId).digest("hex").slice(0, 8)}`

/** On everything that is the app's. The id tells an app from a former one of its name, whose namespace may still be going. */
export const ownLabels = ({ instance }: ClusterSettings, app: ClusterApp): Record<string, string> => ({
  [LABEL.managedBy]: FIELD_MANAGER,
  [LABEL.instance]: instance,
  [LABEL.app]: app.name,
  [LABEL.appId]: app.id,
})

/** Of an object in the app's namespace. */
export function metaOf(settings: ClusterSettings, app: ClusterApp, name: string, more: Record<string, string> = {}): ObjectMeta {
  return { name, namespace: namespaceOf(settings, app), labels: { ...ownLabels(settings, app), ...more } }
}
