/** What one build may use. A build that needs more fails with a sentence; its neighbours do not notice it. */
export const BUILD_LIMITS = {
  /** Enough for a large Phoenix project with its assets. */
  memoryBytes: 2_000_000_000,
  cpus: 2,
  /** An eighth of what an app of size 1 has: under contention, apps that serve go before builds. */
  cpuShares: 128,
  pids: 512,
  /** Source, dependencies, `_build`, toolchains and cache, all on the app's own volume. */
  diskBytes: 4_000_000_000,
}

export const BUILD_SECONDS = 30 * 60

/** Compressed: as at Heroku, 500 MB. */
export const SLUG_BYTES = 500_000_000

/** For putting the caches back after a cancel. */
export const STOP_GRACE_SECONDS = 5
