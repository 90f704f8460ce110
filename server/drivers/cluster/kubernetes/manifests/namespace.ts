import type { Namespace, ResourceQuota, ServiceAccount } from "kubernetes-types/core/v1"
import type { Role, RoleBinding } from "kubernetes-types/rbac/v1"
import type { ClusterApp } from "../../port"
import { metaOf, namespaceOf, ownLabels, SERVICE_ACCOUNT } from "./names"
import { memoryOf } from "./pod"
import type { ClusterSettings } from "./settings"

/** Generations that may be there side by side: one that drains, one that serves, one that starts, and one that was reverted meanwhile. */
const GENERATIONS = 4
const ONE_OFFS = 10
const READ = ["list", "watch"]

/** Pods that break the rules are refused from Kubernetes 1.25 on; before, the label says nothing. */
export function namespace(settings: ClusterSettings, app: ClusterApp): Namespace {
  const restricted = { "pod-security.kubernetes.io/enforce": "restricted" }
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespaceOf(settings, app), labels: { ...ownLabels(settings, app), ...restricted } },
  }
}

/** What an app's pods are at the API server. */
export function serviceAccount(settings: ClusterSettings, app: ClusterApp): ServiceAccount {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: metaOf(settings, app, SERVICE_ACCOUNT), automountServiceAccountToken: false }
}

/** What libcluster's strategies need to find the app's nodes. No Secret, nothing to write, no other namespace. */
export function role(settings: ClusterSettings, app: ClusterApp): Role {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: metaOf(settings, app, SERVICE_ACCOUNT),
    rules: [{ apiGroups: [""], resources: ["pods", "endpoints"], verbs: READ }],
  }
}

export function roleBinding(settings: ClusterSettings, app: ClusterApp): RoleBinding {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: metaOf(settings, app, SERVICE_ACCOUNT),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: SERVICE_ACCOUNT },
    subjects: [{ kind: "ServiceAccount", name: SERVICE_ACCOUNT, namespace: namespaceOf(settings, app) }],
  }
}

/**
 * A fence against what goes wild, not a measure of what is used: a rollout that waits for room would wait long, as pods that end
 * count until they are gone and who was refused asks again ever less often.
 * @param room the largest number of replicas that one generation has, and the largest size.
 */
export function resourceQuota(settings: ClusterSettings, app: ClusterApp, room: { replicas: number; size: number }): ResourceQuota {
  const pods = GENERATIONS * room.replicas + ONE_OFFS
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: metaOf(settings, app, "app"),
    spec: {
      hard: {
        pods: String(pods),
        "limits.memory": memoryOf(pods * room.size),
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    },
  }
}
