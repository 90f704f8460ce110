import type { Deployment } from "kubernetes-types/apps/v1"
import type { Job } from "kubernetes-types/batch/v1"
import type { PodSpec, Service } from "kubernetes-types/core/v1"
import { describe, expect, it } from "vitest"
import { Secret } from "@/server/kernel/secret"
import type { AppWish, Generation, OneOffOrder } from "../../port"
import { appManifests, type Manifest, oneOffManifests } from "./index"
import { setOf } from "./names"
import { memoryOf } from "./pod"
import { probesOf } from "./probes"
import { checkServed } from "./served"
import type { ClusterSettings } from "./settings"

const served = new Set(["v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "policy/v1", "policy/v1beta1", "rbac.authorization.k8s.io/v1"])
const settings: ClusterSettings = {
  instance: "phial",
  images: { "debian-13": "phial/debian-13:1" },
  ingress: { namespace: { name: "ingress" }, pods: { app: "nginx" } },
  sshIngress: { namespace: { name: "phial" }, pods: { app: "ssh" } },
  platform: { namespace: { name: "phial" }, pods: { app: "web" }, port: 3000 },
  inside: ["10.244.0.0/16", "10.96.0.0/12", "fd00::/64"],
  apiServer: [{ address: "192.0.2.10", port: 6443 }],
  cpuMillis: 250,
  served,
}

const app = { id: "7c0b", name: "hello", number: 7 }
const generation = (id: string, over: Partial<Generation> = {}): Generation => ({
  ...{ id, releaseId: `release-${id}`, releaseVersion: 3, stack: "debian-13", processType: "web", size: 0.5 },
  env: { PORT: "4000", APP_NAME: "hello", APP_KEY: new Secret("hush") },
  ...over,
})
const check: AppWish["check"] = {
  ...{ kind: "http", path: "/health", expectedStatus: "200-399", intervalSeconds: 2, timeoutSeconds: 1 },
  ...{ graceSeconds: 61, successes: 2, failures: 3 },
}
const aWish = (over: Partial<AppWish> = {}): AppWish => ({
  ...{ app, target: generation("new"), replicas: 2, former: null, check },
  rollout: { batchSize: 0, waitSeconds: 0, settleSeconds: 10, drainSeconds: 30 },
  ...over,
})
const order: OneOffOrder = {
  ...{ app, id: "hello-run-abc123", stack: "debian-13", size: 1, timeLimitSeconds: 600 },
  env: { APP_KEY: new Secret("hush") },
  command: ["bin/hello", "eval", "Hello.Release.migrate()"],
}

const OWN = { "app.kubernetes.io/managed-by": "phial", "phial.dev/instance": "phial", "phial.dev/app": "hello", "phial.dev/app-id": "7c0b" }
const meta = (name: string, more = {}) => ({ name, namespace: "phial-hello", labels: { ...OWN, ...more } })

/** With every generation in the set that it starts in, whole. */
function written(wish = aWish(), serving: string | null = null, over: Partial<ClusterSettings> = {}): Manifest[] {
  const target = wish.target && { generation: wish.target, replicas: wish.replicas }
  const there = [wish.former, target].flatMap((one) => (one ? [{ ...one, set: setOf(wish.app, one.generation.id) }] : []))
  return appManifests({ ...settings, ...over }, wish, { serving, sets: there })
}

const called = (all: Manifest[]) => all.map((one) => `${one.kind} ${one.metadata?.name}`)
const theOne = <K extends Manifest["kind"]>(all: Manifest[], kind: K) => {
  const found = all.filter((one) => one.kind === kind)
  expect(found).toHaveLength(1)
  return found[0] as Extract<Manifest, { kind?: K }>
}
const podOf = (all: Manifest[]) =>
  all.flatMap((one): PodSpec[] => {
    const spec = one.kind === "Deployment" || one.kind === "Job" ? (one as Deployment | Job).spec?.template.spec : undefined
    return spec ? [spec] : []
  })

describe("the objects of an app", () => {
  it("are written fence first, then the generations, the former before the target", () => {
    const wish = aWish({ former: { generation: generation("old"), replicas: 1 } })
    expect(called(written(wish, "hello-cba06b57"))).toEqual([
      "Namespace phial-hello",
      "ServiceAccount app",
      "Role app",
      "RoleBinding app",
      "NetworkPolicy app",
      "ResourceQuota app",
      "Service hello",
      "Service hello-nodes",
      "Secret hello-cba06b57",
      "Deployment hello-cba06b57",
      "Secret hello-11507a0e",
      "Deployment hello-11507a0e",
      "PodDisruptionBudget hello-11507a0e",
    ])
  })

  it("are the namespace alone with its services when nothing should run", () => {
    const all = written(aWish({ target: null }))
    expect(called(all).filter((name) => /Deployment|Secret|Budget/.test(name))).toEqual([])
    expect((all.find((one) => one.kind === "Service") as Service).spec?.selector).toEqual({
      "phial.dev/app": "hello",
      "phial.dev/set": "none",
    })
  })

  it("begin with a namespace whose pods must be restricted", () => {
    expect(theOne(written(), "Namespace")).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "phial-hello", labels: { ...OWN, "pod-security.kubernetes.io/enforce": "restricted" } },
    })
  })

  it("let the app list its own pods and endpoints, and nothing else", () => {
    const all = written()
    expect(theOne(all, "ServiceAccount")).toEqual({
      ...{ apiVersion: "v1", kind: "ServiceAccount", metadata: meta("app") },
      automountServiceAccountToken: false,
    })
    expect(theOne(all, "Role")).toEqual({
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: meta("app") },
      rules: [{ apiGroups: [""], resources: ["pods", "endpoints"], verbs: ["list", "watch"] }],
    })
    expect(theOne(all, "RoleBinding")).toEqual({
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: meta("app") },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "app" },
      subjects: [{ kind: "ServiceAccount", name: "app", namespace: "phial-hello" }],
    })
  })

  it("open the network to its own, to requests and SSH, the platform, DNS, the API server and the world outside", () => {
    const own = { podSelector: {} }
    const peer = (name: string, label: string) => ({
      namespaceSelector: { matchLabels: { name } },
      podSelector: { matchLabels: { app: label } },
    })
    const tcp = (port: number) => [{ protocol: "TCP", port }]
    expect(theOne(written(), "NetworkPolicy")).toEqual({
      ...{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: meta("app") },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: [own] },
          { from: [peer("ingress", "nginx")], ports: tcp(4000) },
          { from: [peer("phial", "ssh")], ports: tcp(2222) },
        ],
        egress: [
          { to: [own] },
          { to: [peer("phial", "web")], ports: tcp(3000) },
          { ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)] },
          { to: [{ ipBlock: { cidr: "192.0.2.10/32" } }], ports: tcp(6443) },
          {
            to: [
              { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16", "10.244.0.0/16", "10.96.0.0/12"] } },
              { ipBlock: { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128", "fd00::/64"] } },
            ],
          },
        ],
      },
    })
  })

  it("are as many replicas as are planned now, in a quota for all that are wished", () => {
    const sets = [{ set: "hello-11507a0e", generation: generation("new"), replicas: 1 }]
    const all = appManifests(settings, aWish({ replicas: 8 }), { serving: null, sets })
    expect(theOne(all, "Deployment").spec?.replicas).toBe(1)
    expect(theOne(all, "ResourceQuota").spec?.hard).toMatchObject({ pods: "42" })
  })

  it("leave room for four generations of the largest size, and for one-offs", () => {
    const wish = aWish({ replicas: 3, former: { generation: generation("old", { size: 2 }), replicas: 5 } })
    expect(theOne(written(wish, "hello-cba06b57"), "ResourceQuota").spec).toEqual({
      hard: { pods: "30", "limits.memory": "60G", "services.loadbalancers": "0", "services.nodeports": "0" },
    })
  })

  it("send requests to the set that serves, and name all nodes for clustering", () => {
    const services = written(aWish(), "hello-11507a0e").filter((one) => one.kind === "Service")
    expect(services).toEqual([
      {
        ...{ apiVersion: "v1", kind: "Service", metadata: meta("hello") },
        spec: {
          type: "ClusterIP",
          selector: { "phial.dev/app": "hello", "phial.dev/set": "hello-11507a0e" },
          ports: [
            { name: "http", protocol: "TCP", port: 80, targetPort: 4000 },
            { name: "ssh", protocol: "TCP", port: 22, targetPort: 2222 },
          ],
        },
      },
      {
        ...{ apiVersion: "v1", kind: "Service", metadata: meta("hello-nodes", { repo: "hello" }) },
        spec: {
          ...{ type: "ClusterIP", clusterIP: "None", publishNotReadyAddresses: true },
          selector: { "phial.dev/app": "hello", repo: "hello" },
          ports: [{ name: "epmd", protocol: "TCP", port: 4369, targetPort: 4369 }],
        },
      },
    ])
  })
})

describe("a set of replicas", () => {
  const labels = { "phial.dev/set": "hello-11507a0e", repo: "hello" }
  const selector = { matchLabels: { "phial.dev/app": "hello", "phial.dev/set": "hello-11507a0e" } }
  const handler = {
    httpGet: {
      ...{ path: "/health", port: 4000, scheme: "HTTP" },
      httpHeaders: [
        { name: "User-Agent", value: "Phial-Health-Check" },
        { name: "X-Forwarded-Proto", value: "https" },
      ],
    },
    ...{ periodSeconds: 2, timeoutSeconds: 1 },
  }

  it("is a Deployment that rolls without one replica less", () => {
    expect(theOne(written(), "Deployment")).toEqual({
      ...{
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { ...meta("hello-11507a0e", labels), annotations: { "phial.dev/generation": "new" } },
      },
      spec: {
        replicas: 2,
        selector,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
        revisionHistoryLimit: 0,
        template: {
          metadata: { labels: { ...OWN, ...labels } },
          spec: {
            ...{ serviceAccountName: "app", automountServiceAccountToken: true, enableServiceLinks: false },
            terminationGracePeriodSeconds: 40,
            securityContext: {
              ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                ...{ name: "app", image: "phial/debian-13:1", imagePullPolicy: "IfNotPresent" },
                ...{ command: ["/phial/entrypoint"], args: [], workingDir: "/app" },
                env: [
                  { name: "HOME", value: "/app" },
                  { name: "MY_POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                ],
                envFrom: [{ secretRef: { name: "hello-11507a0e" } }],
                ports: [
                  { name: "http", containerPort: 4000, protocol: "TCP" },
                  { name: "ssh", containerPort: 2222, protocol: "TCP" },
                ],
                resources: {
                  requests: { cpu: "125m", memory: "500M", "ephemeral-storage": "100M" },
                  limits: { cpu: "2", memory: "500M", "ephemeral-storage": "2G" },
                },
                securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
                startupProbe: { ...handler, successThreshold: 1, failureThreshold: 31 },
                readinessProbe: { ...handler, successThreshold: 2, failureThreshold: 3 },
                livenessProbe: { ...handler, successThreshold: 1, failureThreshold: 30 },
                lifecycle: { preStop: { exec: { command: ["/phial/run-container/drain", "30"] } } },
                volumeMounts: [
                  { name: "app", mountPath: "/app" },
                  { name: "tmp", mountPath: "/tmp" },
                  { name: "run", mountPath: "/run" },
                ],
              },
            ],
            volumes: [
              { name: "app", emptyDir: { sizeLimit: "2G" } },
              { name: "tmp", emptyDir: { sizeLimit: "2G" } },
              { name: "run", emptyDir: { medium: "Memory", sizeLimit: "16M" } },
            ],
            topologySpreadConstraints: [
              { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector: selector },
            ],
          },
        },
      },
    })
  })

  it("keeps its environment in a Secret, in an order of its own", () => {
    expect(theOne(written(), "Secret")).toEqual({
      ...{ apiVersion: "v1", kind: "Secret", metadata: meta("hello-11507a0e", labels), type: "Opaque" },
      data: { APP_KEY: "aHVzaA==", APP_NAME: "aGVsbG8=", PORT: "NDAwMA==" },
    })
    expect(JSON.stringify(written())).not.toContain("hush")
  })

  it("lets a node be emptied one replica at a time, in the version that the cluster serves", () => {
    const budget = (over: Partial<ClusterSettings>, wish = aWish()) =>
      written(wish, null, over).find((one) => one.kind === "PodDisruptionBudget")
    const spec = { maxUnavailable: 1, selector }
    expect(budget({})).toEqual({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: meta("hello-11507a0e", labels), spec })
    expect(budget({ served: new Set(["policy/v1beta1"]) })).toMatchObject({ apiVersion: "policy/v1beta1", spec })
    expect(budget({ served: new Set() })).toBeUndefined()
    expect(budget({}, aWish({ replicas: 1 }))).toBeUndefined()
  })

  it("surges by the batch of the app's settings", () => {
    const wish = aWish({ rollout: { ...aWish().rollout, batchSize: 3 } })
    expect(theOne(written(wish), "Deployment").spec?.strategy?.rollingUpdate?.maxSurge).toBe(3)
  })

  it("stays the same set when its replicas were upgraded in place, and starts them as what they are now", () => {
    const env = { PHIAL_RELEASE: "4" }
    const placed = (target: Generation) => ({
      serving: "hello-cba06b57",
      sets: [{ set: "hello-cba06b57", generation: target, replicas: 2 }],
    })
    const before = appManifests(settings, aWish(), placed(generation("old")))
    const after = appManifests(settings, aWish(), placed(generation("new", { env })))
    const [was, is] = [theOne(before, "Deployment"), theOne(after, "Deployment")]
    expect(is.metadata?.annotations).toEqual({ "phial.dev/generation": "new" })
    expect(is.spec).toEqual(was.spec)
    expect(theOne(after, "Secret")).toMatchObject({ metadata: { name: "hello-cba06b57" }, data: { PHIAL_RELEASE: "NA==" } })
  })

  it("is refused on a stack without an image", () => {
    const wish = aWish({ target: generation("new", { stack: "debian-12" }) })
    expect(() => written(wish)).toThrow("There is no image of the stack debian-12")
  })
})

describe("a one-off", () => {
  const labels = { "phial.dev/one-off": "hello-run-abc123" }

  it("is a Job that tries once, whose pod has the time limit", () => {
    const all = oneOffManifests(settings, order)
    expect(called(all)).toEqual(["Secret hello-run-abc123", "Job hello-run-abc123"])
    const job = theOne(all, "Job")
    expect(job).toMatchObject({ apiVersion: "batch/v1", metadata: meta("hello-run-abc123", labels) })
    expect(job.spec).toEqual({
      ...{ backoffLimit: 0, completions: 1, parallelism: 1, activeDeadlineSeconds: 1210 },
      template: {
        metadata: { labels: { ...OWN, ...labels }, annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } },
        spec: expect.objectContaining({ restartPolicy: "Never", activeDeadlineSeconds: 600, terminationGracePeriodSeconds: 10 }),
      },
    })
  })

  it("runs its command without a shell, unasked for its health and out of the Service's sight", () => {
    const [pod] = podOf(oneOffManifests(settings, order))
    const [container] = pod?.containers ?? []
    expect(container).toMatchObject({
      command: ["/phial/entrypoint"],
      args: [...order.command],
      envFrom: [{ secretRef: { name: order.id } }],
    })
    expect(Object.keys(container ?? {}).filter((key) => /Probe|lifecycle|ports/.test(key))).toEqual([])
    expect(theOne(oneOffManifests(settings, order), "Job").spec?.template.metadata?.labels).not.toHaveProperty("repo")
  })
})

describe("a health check", () => {
  it("opens the port where it is TCP", () => {
    const { readinessProbe } = probesOf({ ...check, kind: "tcp" })
    expect(readinessProbe).toEqual({
      ...{ tcpSocket: { port: 4000 }, periodSeconds: 2, timeoutSeconds: 1 },
      ...{ successThreshold: 2, failureThreshold: 3 },
    })
  })

  it("is asked from inside the pod where the status is not what the kubelet takes for well", () => {
    expect(probesOf({ ...check, expectedStatus: "204" }).livenessProbe).toEqual({
      exec: { command: ["/phial/run-container/check", "/health", "204"] },
      ...{ periodSeconds: 2, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 30 },
    })
  })

  it("gives a slow one its whole grace, and nobody less than one try", () => {
    const slow = probesOf({ ...check, intervalSeconds: 60, graceSeconds: 10, failures: 2 })
    expect([slow.startupProbe.failureThreshold, slow.livenessProbe.failureThreshold]).toEqual([1, 2])
  })
})

describe("every object", () => {
  const longest = { ...app, name: `a${"b".repeat(38)}c` }
  const all = [
    ...written(aWish({ app: longest, former: { generation: generation("old"), replicas: 2 } })),
    ...oneOffManifests(settings, { ...order, app: longest, id: `${longest.name}-run-abc123` }),
  ]

  it("has a name that a label could hold, and labels that say whose it is", () => {
    for (const { metadata } of all) {
      expect(metadata?.name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
      expect(metadata?.labels).toMatchObject({ "app.kubernetes.io/managed-by": "phial", "phial.dev/app": longest.name })
      for (const value of Object.values(metadata?.labels ?? {})) expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/)
    }
  })

  it("is of a version that Kubernetes 1.20 and 1.36 both serve, budgets aside", () => {
    const versions = new Set(all.filter((one) => one.kind !== "PodDisruptionBudget").map((one) => one.apiVersion))
    expect([...versions].sort()).toEqual(["apps/v1", "batch/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1", "v1"])
  })

  it("names the protocol of each port", () => {
    const ports = all.flatMap((one) => (one.kind === "Service" ? ((one as Service).spec?.ports ?? []) : []))
    const inPods = podOf(all).flatMap((pod) => pod.containers.flatMap((container) => container.ports ?? []))
    for (const { protocol } of [...ports, ...inPods]) expect(protocol).toBe("TCP")
  })

  it("that runs something keeps the Pod Security Standard 'restricted'", () => {
    const pods = podOf(all)
    expect(pods).toHaveLength(3)
    for (const pod of pods) {
      expect(pod).toMatchObject({ securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } })
      expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined])
      for (const volume of pod.volumes ?? []) expect(Object.keys(volume).sort()).toEqual(["emptyDir", "name"])
      for (const { securityContext } of pod.containers)
        expect(securityContext).toEqual({
          ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
          capabilities: { drop: ["ALL"] },
        })
    }
  })
})

describe("what a cluster serves", () => {
  it("must hold all that Phial writes", () => {
    expect(() => checkServed(served)).not.toThrow()
    const old = new Set([...served].filter((version) => version !== "networking.k8s.io/v1"))
    expect(() => checkServed(old)).toThrow("This cluster does not serve networking.k8s.io/v1")
  })
})

it.each([
  [0.2, "200M"],
  [1, "1G"],
  [1.5, "1500M"],
  [16, "16G"],
])("memory of size %s is %s, as the API server would write it", (size, memory) => expect(memoryOf(size)).toBe(memory))
