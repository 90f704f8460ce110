import type { Probe } from "kubernetes-types/core/v1"
import type { AppSettings } from "@/db/schema"
import { HTTP_PORT } from "./pod"

type Check = AppSettings["check"]

/** Who is unhealthy for so long is started again; until then it only gets no requests. */
const UNHEALTHY_SECONDS = 60
/** What the kubelet itself takes for well. */
const KUBELETS_STATUS = "200-399"

export interface Probes {
  startupProbe: Probe
  readinessProbe: Probe
  livenessProbe: Probe
}

/** An app's health check in the kubelet's terms. Until the first answer only the grace counts. */
export function probesOf(check: Check): Probes {
  const asked = { ...handlerOf(check), periodSeconds: check.intervalSeconds, timeoutSeconds: check.timeoutSeconds }
  const within = (seconds: number) => Math.max(1, Math.ceil(seconds / check.intervalSeconds))
  return {
    startupProbe: { ...asked, successThreshold: 1, failureThreshold: within(check.graceSeconds) },
    readinessProbe: { ...asked, successThreshold: check.successes, failureThreshold: check.failures },
    livenessProbe: { ...asked, successThreshold: 1, failureThreshold: Math.max(check.failures, within(UNHEALTHY_SECONDS)) },
  }
}

/** The kubelet has no say in which status is good: another is looked for from inside the pod. */
function handlerOf(check: Check): Pick<Probe, "tcpSocket" | "httpGet" | "exec"> {
  if (check.kind === "tcp") return { tcpSocket: { port: HTTP_PORT } }
  if (check.expectedStatus !== KUBELETS_STATUS)
    return { exec: { command: ["/phial/run-container/check", check.path, check.expectedStatus] } }
  const httpHeaders = [
    { name: "User-Agent", value: "Phial-Health-Check" },
    { name: "X-Forwarded-Proto", value: "https" },
  ]
  return { httpGet: { path: check.path, port: HTTP_PORT, scheme: "HTTP", httpHeaders } }
}
