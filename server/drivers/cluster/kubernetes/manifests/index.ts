import type { Deployment } from "kubernetes-types/apps/v1"
import type { Job } from "kubernetes-types/batch/v1"
import type { Namespace, ResourceQuota, Secret, Service, ServiceAccount } from "kubernetes-types/core/v1"
import type { NetworkPolicy } from "kubernetes-types/networking/v1"
import type { Role, RoleBinding } from "kubernetes-types/rbac/v1"
import type { AppWish, OneOffOrder } from "../../port"
import { namespace, resourceQuota, role, roleBinding, serviceAccount } from "./namespace"
import { networkPolicy } from "./network-policy"
import { oneOffJob, oneOffSecret } from "./one-off"
import { nodesService, service } from "./services"
import { type Budget, deployment, disruptionBudget, type SetWish, setSecret } from "./set"
import type { ClusterSettings } from "./settings"

/** Whatever we write: whole, as it goes over the wire. */
export type Manifest =
  | Namespace
  | ServiceAccount
  | Role
  | RoleBinding
  | NetworkPolicy
  | ResourceQuota
  | Service
  | Secret
  | Deployment
  | Budget
  | Job

/** Which replicas should be there now: what is planned from the wish and the world, step by step. */
export interface Placement {
  /** The set that gets requests; `null`: none. */
  serving: string | null
  sets: ReadonlyArray<Pick<SetWish, "set" | "generation" | "replicas">>
}

/**
 * All objects that an app should have, in the order to write them: no pod begins before what fences it in. What the app has and is not
 * among these is to be deleted.
 */
export function appManifests(settings: ClusterSettings, wish: AppWish, { serving, sets }: Placement): Manifest[] {
  const { app, check, rollout } = wish
  return [
    ...fence.map((make) => make(settings, app)),
    resourceQuota(settings, app, roomOf(wish)),
    service(settings, app, serving),
    nodesService(settings, app),
    ...sets.flatMap((set) => setManifests(settings, { app, check, rollout, ...set })),
  ]
}

/** What one command needs, in the order to write it. The app's own objects must be there. */
export function oneOffManifests(settings: ClusterSettings, order: OneOffOrder): Manifest[] {
  return [oneOffSecret(settings, order), oneOffJob(settings, order)]
}

const fence = [namespace, serviceAccount, role, roleBinding, networkPolicy]

/** By the wish, not by what is there yet: the quota must never be what a rollout waits for. */
function roomOf({ target, replicas, former }: AppWish): { replicas: number; size: number } {
  return {
    replicas: Math.max(1, replicas, former?.replicas ?? 0),
    size: Math.max(1, target?.size ?? 0, former?.generation.size ?? 0),
  }
}

function setManifests(settings: ClusterSettings, wish: SetWish): Manifest[] {
  const budget = disruptionBudget(settings, wish)
  return [setSecret(settings, wish), deployment(settings, wish), ...(budget ? [budget] : [])]
}
