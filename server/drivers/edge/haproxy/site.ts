import type { Home } from "@/server/kernel/home"
import type { EdgeApp } from "./state"

/** What an instance's edge is, apart from its apps. */
export interface Site {
  edge: Home["edge"]
  files: EdgeFiles
  appsDomain: string
  /** The addresses that it listens on. */
  hosts: readonly string[]
  appsPort: number
  appsTlsPort: number
  hasAccessLog: boolean
}

export interface EdgeFiles {
  state: string
  lock: string
  hosts: string
  /** Which backend an SSH port leads to. */
  ssh: string
  pages: string
  certificate: string
  pid: string
  /** HAProxy's own messages. */
  log: string
  /** A named pipe: who reads it gets the access log, one JSON object a line. What nobody reads is lost, and holds nothing up. */
  accessLog: string
}

export function edgeFiles(dir: string): EdgeFiles {
  return {
    state: `${dir}/state.json`,
    lock: `${dir}/lock`,
    hosts: `${dir}/hosts.map`,
    ssh: `${dir}/ssh.map`,
    pages: `${dir}/pages.map`,
    certificate: `${dir}/default.pem`,
    pid: `${dir}/haproxy.pid`,
    log: `${dir}/haproxy.log`,
    accessLog: `${dir}/access.pipe`,
  }
}

/** A part of the configuration. */
export interface Section {
  head: string
  /** What only a reload can change. */
  rules: string[]
  servers?: string[]
}

/** A place for an app, and who has it. */
export interface Slot {
  slot: number
  app: EdgeApp | undefined
}

/** @param ports one, or `first-last`. */
export function bindAt(host: string, ports: number | string): string {
  return `bind ${host.includes(":") ? `[${host}]` : host}:${ports}${host === ANY_IPV6 ? " v6only" : ""}`
}

/** IPv4 has its own. */
export const ANY_IPV6 = "::"
