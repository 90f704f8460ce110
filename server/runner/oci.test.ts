import { expect, it } from "vitest"
import { type Bundle, ociConfig } from "./oci"

const bundle: Bundle = {
  ...{
    id: "app-abc123",
    args: ["/phial/entrypoint"],
    env: { HOME: "/app", PATH: "/mine" },
    cwd: "/app",
    uid: 200_007,
    rootfs: "/stacks/d/rootfs",
  },
  ...{ cgroup: "/phial-aabbcc/app-abc123", netnsFile: "/run/netns/phial-aabbcc-app-abc123", arch: "x64", maxOpenFiles: 20_000 },
  binds: [
    { from: "/checkout/stack/entrypoint", to: "/phial/entrypoint" },
    { from: "/home/containers/app-abc123/disk", to: "/app", writable: true },
  ],
  limits: { memoryBytes: 500_000_000, cpus: 1.5, cpuShares: 512, pids: 1024 },
  limitsSwap: true,
  hidesCgroups: false,
}

it("gives a process no privilege, its own user, and no more files than the caller may hand on", () => {
  const none = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] }
  expect(ociConfig(bundle).process).toEqual({
    terminal: false,
    user: { uid: 200_007, gid: 200_007, additionalGids: [] },
    args: ["/phial/entrypoint"],
    env: ["PATH=/mine", "LANG=C.UTF-8", "HOME=/app"],
    cwd: "/app",
    noNewPrivileges: true,
    capabilities: none,
    rlimits: [
      { type: "RLIMIT_NOFILE", hard: 20_000, soft: 20_000 },
      { type: "RLIMIT_CORE", hard: 0, soft: 0 },
    ],
  })
})

it("limits memory without swap, processes and CPU, and gives no device", () => {
  expect(ociConfig(bundle).linux.resources).toEqual({
    devices: [{ allow: false, access: "rwm" }],
    memory: { limit: 500_000_000, swap: 500_000_000 },
    pids: { limit: 1024 },
    cpu: { shares: 512, quota: 150_000, period: 100_000 },
  })
  expect(ociConfig({ ...bundle, limitsSwap: false }).linux.resources.memory).toEqual({ limit: 500_000_000 })
})

it("shares no namespace with the machine but the prepared network", () => {
  expect(ociConfig(bundle).linux.namespaces).toEqual([
    ...["pid", "ipc", "uts", "mount"].map((type) => ({ type })),
    { type: "network", path: "/run/netns/phial-aabbcc-app-abc123" },
  ])
  expect(ociConfig({ ...bundle, hidesCgroups: true }).linux.namespaces).toContainEqual({ type: "cgroup" })
  expect(ociConfig(bundle).root).toEqual({ path: "/stacks/d/rootfs", readonly: true })
})

it("mounts only what is named, read-only unless it is the writable disk", () => {
  const binds = ociConfig(bundle).mounts.filter(({ type }) => type === "bind")
  expect(binds).toEqual([
    { destination: "/phial/entrypoint", type: "bind", source: "/checkout/stack/entrypoint", options: ["rbind", "ro", "nosuid", "nodev"] },
    { destination: "/app", type: "bind", source: "/home/containers/app-abc123/disk", options: ["rbind", "rw", "nosuid", "nodev"] },
  ])
  const others = ociConfig(bundle).mounts.filter(({ type }) => type !== "bind")
  expect(others.map(({ destination }) => destination)).toEqual([
    ...["/proc", "/dev", "/dev/pts", "/dev/shm", "/sys", "/sys/fs/cgroup", "/tmp", "/run", "/phial"],
  ])
})
