import { serverLines, sshBackendOf, sshServersOf } from "./runtime"
import { bindAt, type Section, type Site, type Slot } from "./site"
import type { EdgeState } from "./state"

/**
 * One frontend for all SSH ports: the port that was dialled says which app is meant, by a map, so that a new app needs no reload.
 * A client comes to the same replica each time, as long as it is there. Idle sessions stay; the keep-alives find who is gone.
 * @param ports those to listen on, ascending.
 */
export function sshHead({ hosts, files }: Site, ports: readonly number[]): Section[] {
  const binds = rangesOf(ports).flatMap((range) => hosts.map((host) => bindAt(host, range)))
  return [
    {
      head: "defaults ssh",
      rules: [
        ...["mode tcp", "balance source", "hash-type consistent", "retries 3", "option redispatch 1"],
        ...["timeout connect 2s", "timeout client 24h", "timeout server 24h", "timeout client-fin 30s"],
        ...["option tcpka", "clitcpka-idle 60s", "clitcpka-intvl 30s", "srvtcpka-idle 60s", "srvtcpka-intvl 30s"],
      ],
    },
    ...(binds.length === 0 ? [] : [{ head: "frontend ssh", rules: [...binds, ...dispatch(files.ssh)] }]),
  ]
}

function dispatch(map: string): string[] {
  return [
    `tcp-request connection set-var(sess.to) dst_port,map_str(${map})`,
    // As a port where nobody listens: a reset, not a session that ends.
    "tcp-request connection reject if !{ var(sess.to) -m found } || { var(sess.to),nbsrv eq 0 }",
    "use_backend %[var(sess.to)]",
  ]
}

export function sshBackends(slots: readonly Slot[]): Section[] {
  return slots.map(({ slot, app }) => ({
    ...{ head: `backend ${sshBackendOf({ slot })}`, rules: [] },
    servers: app ? serverLines(sshServersOf(app)) : [],
  }))
}

/** Which backend a port leads to. */
export function sshRows(state: EdgeState): Map<string, string> {
  return new Map(
    Object.values(state.apps).flatMap((app) =>
      app.sshPort && state.sshPorts.includes(app.sshPort) ? [[String(app.sshPort), sshBackendOf(app)] as const] : [],
    ),
  )
}

/** 1, 2, 3, 5 as `1-3` and `5`. */
export function rangesOf(ports: readonly number[]): string[] {
  const ranges: Array<{ first: number; last: number }> = []
  for (const port of ports) {
    const open = ranges.at(-1)
    if (open?.last === port - 1) open.last = port
    else ranges.push({ first: port, last: port })
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
}
