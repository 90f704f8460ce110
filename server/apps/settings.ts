import type { AppSettings } from "@/db/schema"

/** Sensible without touching them: readiness as at Gigalixir (gigalixir.md C.7), but with an end to waiting. */
export const defaultSettings: AppSettings = {
  check: {
    kind: "tcp",
    path: "/",
    expectedStatus: "200-399",
    intervalSeconds: 1,
    timeoutSeconds: 1,
    graceSeconds: 60,
    successes: 1,
    failures: 3,
  },
  rollout: { batchSize: 0, waitSeconds: 0, settleSeconds: 10, drainSeconds: 30, strategy: "rolling", configChanges: "now" },
  releaseCommand: { command: "", timeLimitSeconds: 600 },
}
