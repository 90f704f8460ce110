import { Secret } from "@/server/kernel/secret"
import type { CreateContainer } from "@/server/runner"

/** Of size 1. */
const MEMORY_BYTES = 1_000_000_000
const SHARES = 1024
const PIDS = 1024

/**
 * What a container of a size may use: 1 is 10^9 bytes and one share. A small one may still use two CPUs that are idle: the BEAM
 * boots in half the time, and where they are not idle the shares count. Pure.
 */
export function limitsOf(size: number, diskBytes: number): CreateContainer["limits"] {
  return {
    memoryBytes: Math.round(size * MEMORY_BYTES),
    cpus: Math.max(2, size),
    cpuShares: Math.max(2, Math.round(size * SHARES)),
    pids: Math.max(PIDS, Math.round(size * PIDS)),
    diskBytes,
  }
}

export function revealed(env: Record<string, string | Secret>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]))
}
