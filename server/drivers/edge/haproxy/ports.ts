import { createServer } from "node:net"
import { ANY_IPV6 } from "./site"

/** First and last. */
export interface PortRange {
  first: number
  last: number
}

/**
 * The ports of a range to listen on. HAProxy does not start when another program has one of them, so those are left out, and taken
 * as soon as they are free.
 * @param mine what HAProxy listens on already.
 */
export async function portsToTake({ first, last }: PortRange, hosts: readonly string[], mine: readonly number[]): Promise<number[]> {
  const known = new Set(mine)
  const ports: number[] = []
  for (let port = first; port <= last; port++) {
    if (known.has(port) || (await isFree(port, hosts))) ports.push(port)
  }
  return ports
}

async function isFree(port: number, hosts: readonly string[]): Promise<boolean> {
  for (const host of hosts) if (!(await canListen(host, port))) return false
  return true
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen({ host, port, ipv6Only: host === ANY_IPV6 }, () => server.close(() => resolve(true)))
  })
}
