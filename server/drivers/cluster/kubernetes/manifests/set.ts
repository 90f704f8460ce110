import type { Deployment } from "kubernetes-types/apps/v1"
import type { Secret as SecretObject } from "kubernetes-types/core/v1"
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1"
import type { AppWish, ClusterApp, Generation } from "../../port"
import { GENERATION, LABEL, metaOf } from "./names"
import { envSecret, HTTP_PORT, podSpec, SSH_PORT, STOP_GRACE_SECONDS } from "./pod"
import { probesOf } from "./probes"
import { type BudgetVersion, budgetVersion } from "./served"
import type { ClusterSettings } from "./settings"

/** Of the wish, what makes one set of replicas. */
export interface SetWish extends Pick<AppWish, "app" | "replicas" | "check" | "rollout"> {
  /** The name of its Deployment, and of all that goes with it. */
  set: string
  generation: Generation
}

/** By what a Service and a Deployment find the pods of one set. Can never change. */
export const setSelector = (app: ClusterApp, set: string) => ({ [LABEL.app]: app.name, [LABEL.set]: set })

const labelsOf = ({ app, set }: SetWish) => ({ [LABEL.set]: set, [LABEL.repo]: app.name })

/**
 * APP_KEY and the like: pods may be listed by the app itself, and this it may not read. A replica reads it when it starts, so that after a
 * hot upgrade it starts as what it was upgraded to.
 */
export function setSecret(settings: ClusterSettings, wish: SetWish): SecretObject {
  return envSecret(metaOf(settings, wish.app, wish.set, labelsOf(wish)), wish.generation.env)
}

/**
 * All replicas of one generation. A rollout makes another of these and does not change this one; only a change of the health check
 * or the drain window does, and then it rolls by itself, without one replica less.
 */
export function deployment(settings: ClusterSettings, wish: SetWish): Deployment {
  const { app, set, generation, replicas, check, rollout } = wish
  const selector = setSelector(app, set)
  const metadata = metaOf(settings, app, set, labelsOf(wish))
  const pod = podSpec(
    settings,
    { stack: generation.stack, size: generation.size, envSecret: set, args: [] },
    {
      ports: [
        { name: "http", containerPort: HTTP_PORT, protocol: "TCP" },
        { name: "ssh", containerPort: SSH_PORT, protocol: "TCP" },
      ],
      ...probesOf(check),
      // Whoever sends requests learns in its own time that a pod goes: until then, and until its requests are answered, the app runs.
      lifecycle: { preStop: { exec: { command: ["/phial/run-container/drain", String(rollout.drainSeconds)] } } },
    },
  )
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...metadata, annotations: { [GENERATION]: generation.id } },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: rollout.batchSize || "25%" } },
      revisionHistoryLimit: 0,
      template: {
        // Nothing of the generation: these pods may be upgraded to another.
        metadata: { labels: { ...metadata.labels } },
        spec: {
          ...pod,
          terminationGracePeriodSeconds: rollout.drainSeconds + STOP_GRACE_SECONDS,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selector },
            },
          ],
        },
      },
    },
  }
}

/** Of `policy/v1` or `policy/v1beta1`: what we say is the same in both. */
export type Budget = Omit<PodDisruptionBudget, "apiVersion"> & { apiVersion: BudgetVersion }

/** Lets a node be emptied one replica at a time. @returns `null` for a single one, which would keep the node for ever. */
export function disruptionBudget(settings: ClusterSettings, wish: SetWish): Budget | null {
  const { app, set, replicas } = wish
  const apiVersion = budgetVersion(settings.served)
  if (replicas < 2 || !apiVersion) return null
  return {
    apiVersion,
    kind: "PodDisruptionBudget",
    metadata: metaOf(settings, app, set, labelsOf(wish)),
    spec: { maxUnavailable: 1, selector: { matchLabels: setSelector(app, set) } },
  }
}
