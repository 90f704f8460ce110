import type { Home } from "@/server/kernel/home"
import { chunkRange } from "./addresses"
import { exec, tryExec } from "./exec"
import { ANY_INTERFACE, interfacePrefix, tableName } from "./names"

/**
 * The instance's whole table, replaced as one. Replicas reach each other within their app and the world outside; they reach
 * neither the machine itself, nor another app (of any instance), nor a cloud's metadata; nobody outside reaches them.
 */
export function firewall(home: Pick<Home, "id">, chunk: number, bridges: readonly string[]): string {
  const table = tableName(home)
  const ours = `"${interfacePrefix(home)}*"`
  const any = `"${ANY_INTERFACE}*"`
  const pairs = bridges.map((bridge) => `"${bridge}" . "${bridge}"`).join(", ")
  const elements = pairs ? ` elements = { ${pairs} };` : ""
  return `table inet ${table}
delete table inet ${table}
table inet ${table} {
  set same { type ifname . ifname;${elements} }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname ${ours} ct state established,related accept
    iifname ${ours} drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    # Bridged frames come through here too where bridge-nf-call-iptables is 1: same bridge first.
    iifname . oifname @same accept
    iifname ${ours} oifname ${any} drop
    iifname ${ours} ip daddr 169.254.0.0/16 drop
    oifname ${ours} ct state established,related accept
    oifname ${ours} drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${chunkRange(chunk)} oifname != ${any} masquerade
  }
}
`
}

export async function applyFirewall(home: Pick<Home, "id">, chunk: number, bridges: readonly string[]): Promise<void> {
  await exec("nft", ["-f", "-"], firewall(home, chunk, bridges))
}

/** Lets the replicas of one app talk to each other: before its bridge is used. Repeatable. */
export async function allowWithin(home: Pick<Home, "id">, bridge: string): Promise<void> {
  await exec("nft", ["add", "element", "inet", tableName(home), "same", `{ "${bridge}" . "${bridge}" }`])
}

export async function forbidWithin(home: Pick<Home, "id">, bridge: string): Promise<void> {
  await tryExec("nft", ["delete", "element", "inet", tableName(home), "same", `{ "${bridge}" . "${bridge}" }`])
}

export async function removeFirewall(home: Pick<Home, "id">): Promise<void> {
  await tryExec("nft", ["delete", "table", "inet", tableName(home)])
}
