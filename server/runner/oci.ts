import { seccomp } from "./seccomp"

/** What one container's bundle says besides what is the same for all. */
export interface Bundle {
  id: string
  args: string[]
  env: Record<string, string>
  cwd: string
  uid: number
  rootfs: string
  cgroup: string
  netnsFile: string
  /** `ro` and `rw` paths of the machine, in the order they are mounted. */
  binds: Array<{ from: string; to: string; writable?: boolean }>
  limits: { memoryBytes: number; cpus: number; cpuShares: number; pids: number }
  /** Whether the machine's kernel accounts for swap. */
  limitsSwap: boolean
  /** Whether the machine has cgroups of version 2 alone: without a namespace of its own a container would see all of them. */
  hidesCgroups: boolean
  /** The caller's hard limit: without CAP_SYS_RESOURCE none can be above it. */
  maxOpenFiles: number
  arch: string
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
const CPU_PERIOD = 100_000
const OPEN_FILES = 65_536

/** Pure: the OCI runtime configuration. */
export function ociConfig(bundle: Bundle) {
  return {
    ociVersion: "1.0.2",
    process: process(bundle),
    root: { path: bundle.rootfs, readonly: true },
    hostname: bundle.id,
    mounts: mounts(bundle),
    linux: {
      cgroupsPath: bundle.cgroup,
      resources: resources(bundle),
      namespaces: namespaces(bundle),
      maskedPaths: MASKED,
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
      seccomp: seccomp(bundle.arch),
    },
  }
}

const MASKED = [
  ..."acpi asound kcore keys latency_stats timer_list timer_stats sched_debug scsi".split(" ").map((name) => `/proc/${name}`),
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
]

function process({ args, env, cwd, uid, maxOpenFiles }: Bundle) {
  const none: string[] = []
  const files = Math.min(OPEN_FILES, maxOpenFiles)
  return {
    terminal: false,
    user: { uid, gid: uid, additionalGids: [] },
    args,
    env: Object.entries({ PATH, LANG: "C.UTF-8", ...env }).map(([key, value]) => `${key}=${value}`),
    cwd,
    noNewPrivileges: true,
    capabilities: { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none },
    rlimits: [
      { type: "RLIMIT_NOFILE", hard: files, soft: files },
      { type: "RLIMIT_CORE", hard: 0, soft: 0 },
    ],
  }
}

function namespaces({ netnsFile, hidesCgroups }: Bundle): Array<{ type: string; path?: string }> {
  const own = ["pid", "ipc", "uts", "mount", ...(hidesCgroups ? ["cgroup"] : [])]
  return [...own.map((type) => ({ type })), { type: "network", path: netnsFile }]
}

function resources({ limits, limitsSwap }: Bundle) {
  return {
    devices: [{ allow: false, access: "rwm" }],
    memory: { limit: limits.memoryBytes, ...(limitsSwap ? { swap: limits.memoryBytes } : {}) },
    pids: { limit: limits.pids },
    cpu: { shares: limits.cpuShares, quota: Math.round(limits.cpus * CPU_PERIOD), period: CPU_PERIOD },
  }
}

function mounts({ uid, limits, binds }: Bundle) {
  const tmpfs = (destination: string, bytes: number, ...options: string[]) => ({
    destination,
    type: "tmpfs",
    source: "tmpfs",
    options: ["nosuid", "nodev", `size=${bytes}`, ...options],
  })
  return [
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
    { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"] },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      // gid 5 is tty: sshd without root dies on a terminal of another group.
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    tmpfs("/dev/shm", 67_108_864, "noexec", "mode=1777"),
    { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
    // The BEAM reads its CPU quota there, and starts as many schedulers as it may use.
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"] },
    // runc gives a tmpfs the mode of the folder below it: 1777 for /tmp, 755 for the others.
    tmpfs("/tmp", Math.floor(limits.memoryBytes / 2), "mode=1777"),
    tmpfs("/run", 16_777_216, `uid=${uid}`, `gid=${uid}`, "mode=755"),
    tmpfs("/phial", 65_536, "ro", "mode=755"),
    ...binds.map(({ from, to, writable }) => ({
      destination: to,
      type: "bind",
      source: from,
      options: ["rbind", writable ? "rw" : "ro", "nosuid", "nodev"],
    })),
  ]
}
