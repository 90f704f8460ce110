import type { Job } from "kubernetes-types/batch/v1"
import type { Secret as SecretObject } from "kubernetes-types/core/v1"
import type { OneOffOrder } from "../../port"
import { LABEL, metaOf } from "./names"
import { envSecret, podSpec, STOP_GRACE_SECONDS } from "./pod"
import type { ClusterSettings } from "./settings"

/** For how long one may wait for a node and its image. */
const PENDING_SECONDS = 600

const labelsOf = ({ id }: OneOffOrder) => ({ [LABEL.oneOff]: id })

export function oneOffSecret(settings: ClusterSettings, order: OneOffOrder): SecretObject {
  return envSecret(metaOf(settings, order.app, order.id, labelsOf(order)), order.env)
}

/**
 * One command. The pod has the time limit: the kubelet then ends it, and its output and exit code stay, where a Job that is late
 * deletes its pod. The Job's own is for one that finds no node. Nothing is tried again.
 */
export function oneOffJob(settings: ClusterSettings, order: OneOffOrder): Job {
  const { app, id, stack, size, command, timeLimitSeconds } = order
  const metadata = metaOf(settings, app, id, labelsOf(order))
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: {
      ...{ backoffLimit: 0, completions: 1, parallelism: 1 },
      activeDeadlineSeconds: PENDING_SECONDS + timeLimitSeconds + STOP_GRACE_SECONDS,
      template: {
        metadata: {
          labels: { ...metadata.labels },
          // Moved to another node it would run twice.
          annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
        },
        spec: {
          ...podSpec(settings, { stack, size, envSecret: id, args: command }, {}),
          restartPolicy: "Never",
          activeDeadlineSeconds: timeLimitSeconds,
          terminationGracePeriodSeconds: STOP_GRACE_SECONDS,
        },
      },
    },
  }
}
