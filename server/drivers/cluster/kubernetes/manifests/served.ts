import { AppError } from "@/server/kernel/errors"

/** Without these nothing works. Kubernetes has had all of them since 1.19, and in 1.36 it still has. */
const NEEDED = ["v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"]

/** From the newest; served by 1.21 and later, and until 1.24. */
const BUDGETS = ["policy/v1", "policy/v1beta1"] as const

export type BudgetVersion = (typeof BUDGETS)[number]

/** @throws AppError `unavailable` that names what a cluster is too old for, or does not show to us. */
export function checkServed(served: ReadonlySet<string>): void {
  const missing = NEEDED.filter((version) => !served.has(version))
  if (missing.length === 0) return
  throw new AppError("unavailable", `This cluster does not serve ${missing.join(", ")}: Phial needs Kubernetes 1.20 or newer.`)
}

/** @returns `null` where there are none: replicas then run without. */
export function budgetVersion(served: ReadonlySet<string>): BudgetVersion | null {
  return BUDGETS.find((version) => served.has(version)) ?? null
}
