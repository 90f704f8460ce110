import type { Service } from "kubernetes-types/core/v1"
import type { ClusterApp } from "../../port"
import { LABEL, metaOf } from "./names"
import { HTTP_PORT, SSH_PORT } from "./pod"
import { setSelector } from "./set"
import type { ClusterSettings } from "./settings"

const EPMD_PORT = 4369
/** The name of no set: a Service without a selector would keep the endpoints that it had. */
const NONE = "none"

/** Where requests and SSH go. Traffic moves from one set to another with the selector, in one write. */
export function service(settings: ClusterSettings, app: ClusterApp, serving: string | null): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metaOf(settings, app, app.name),
    spec: {
      type: "ClusterIP",
      selector: setSelector(app, serving ?? NONE),
      ports: [
        { name: "http", protocol: "TCP", port: 80, targetPort: HTTP_PORT },
        { name: "ssh", protocol: "TCP", port: 22, targetPort: SSH_PORT },
      ],
    },
  }
}

/**
 * The app's nodes by name, for clustering: those of all generations, and those that take no requests (yet), as they have state to hand
 * over. It alone carries the label that libcluster finds endpoints by.
 */
export function nodesService(settings: ClusterSettings, app: ClusterApp): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metaOf(settings, app, `${app.name}-nodes`, { [LABEL.repo]: app.name }),
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { [LABEL.app]: app.name, [LABEL.repo]: app.name },
      ports: [{ name: "epmd", protocol: "TCP", port: EPMD_PORT, targetPort: EPMD_PORT }],
    },
  }
}
