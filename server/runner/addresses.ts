/**
 * 10.128.0.0/9 is cut into 32 chunks of 4096 networks of 64 addresses. An instance has a chunk, an app a network, a container
 * a slot in it: 1 is the gateway, 2 to 62 are containers, of an app 2 to 52 replicas.
 */
export const CHUNKS = 32
const FIRST = 0x0a_80_00_00
const CHUNK_SIZE = 2 ** 18
const NETWORK_SIZE = 64
export const NETWORK_BITS = 26
export const FIRST_SLOT = 2
export const LAST_SLOT = 62
/** From here on are one-offs, below are replicas: neither can take a place that the other chose. */
export const FIRST_ONE_OFF_SLOT = 53

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".")

export const chunkRange = (chunk: number) => `${dotted(FIRST + chunk * CHUNK_SIZE)}/14`

/** @param network an app's number, or that of builds. @param slot 1 is the gateway. */
export function addressOf(chunk: number, network: number, slot: number): string {
  return dotted(FIRST + chunk * CHUNK_SIZE + network * NETWORK_SIZE + slot)
}

/** Reckoned from the address, so that a replica that follows another at its address is not looked for at the old one's place. */
export function macOf(address: string): string {
  const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))
  return ["0a", "58", ...bytes].join(":")
}

/** Whether a route of the machine (`10.0.0.0/8`, `10.1.2.3`) shares addresses with a chunk. */
export function overlapsChunk(route: string, chunk: number): boolean {
  const [host = "", bits = "32"] = route.split("/")
  const parts = host.split(".").map(Number)
  if (parts.length !== 4) return false
  const start = parts.reduce((sum, part) => sum * 256 + part, 0)
  const end = start + 2 ** (32 - Number(bits))
  const first = FIRST + chunk * CHUNK_SIZE
  return start < first + CHUNK_SIZE && first < end
}
