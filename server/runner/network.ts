import { existsSync } from "node:fs"
import { readdir, readFile, writeFile } from "node:fs/promises"
import type { Home } from "@/server/kernel/home"
import { addressOf, macOf, NETWORK_BITS } from "./addresses"
import { exec, tryExec } from "./exec"
import { allowWithin, applyFirewall, forbidWithin } from "./firewall"
import { BUILD_NETWORK, bridgeName, interfacePrefix, netnsFile, netnsName, vethName } from "./names"

/** Where a container is in its instance's addresses. Builds are all in one network, where none sees another. */
export interface Seat {
  network: number
  slot: number
}

const FORWARDING = "/proc/sys/net/ipv4/ip_forward"
const interfaces = "/sys/class/net"
const hasInterface = (name: string) => existsSync(`${interfaces}/${name}`)

/** Puts the firewall and forwarding in place for the bridges that exist. At the runner's start. Repeatable. */
export async function openNetwork(home: Home, chunk: number): Promise<void> {
  await applyFirewall(home, chunk, await bridgesOf(home))
  // Some machines forward already and let nobody write there.
  if ((await readFile(FORWARDING, "utf8")).trim() !== "1") await writeFile(FORWARDING, "1")
}

/** Makes the container's namespace with its one interface, on the bridge of its network, which is made if it is missing. */
export async function plugIn(home: Home, chunk: number, id: string, seat: Seat): Promise<void> {
  await unplug(home, id, seat)
  await ensureBridge(home, chunk, seat.network)
  await exec("ip", ["-batch", "-"], hostSide(home, id, seat))
  await exec("ip", ["-n", netnsName(home, id), "-batch", "-"], containerSide(chunk, seat))
}

/** Removes what `plugIn` made but for the bridge. Repeatable. */
export async function unplug(home: Home, id: string, seat: Seat): Promise<void> {
  // The kernel removes a namespace's interfaces in its own time; the name must be free at once.
  const veth = vethName(home, seat.network, seat.slot)
  if (hasInterface(veth)) await tryExec("ip", ["link", "del", veth])
  if (existsSync(netnsFile(home, id))) await tryExec("ip", ["netns", "del", netnsName(home, id)])
}

export async function removeBridge(home: Home, network: number): Promise<void> {
  const bridge = bridgeName(home, network)
  await forbidWithin(home, bridge)
  if (hasInterface(bridge)) await tryExec("ip", ["link", "del", bridge])
}

export async function bridgesOf(home: Home): Promise<string[]> {
  const prefix = `${interfacePrefix(home)}b`
  return (await readdir(interfaces)).filter((name) => name.startsWith(prefix))
}

/** Pure: the batch for `ip` on the machine's side. Ports of builds are isolated: they see the gateway only. */
export function hostSide(home: Pick<Home, "id">, id: string, seat: Seat): string {
  const veth = vethName(home, seat.network, seat.slot)
  const isolated = seat.network === BUILD_NETWORK ? [`link set ${veth} type bridge_slave isolated on`] : []
  return lines(
    `netns add ${netnsName(home, id)}`,
    `link add ${veth} type veth peer name eth0 netns ${netnsName(home, id)}`,
    `link set ${veth} master ${bridgeName(home, seat.network)}`,
    ...isolated,
    `link set ${veth} up`,
  )
}

/** Pure: the batch for `ip` inside the namespace. */
export function containerSide(chunk: number, seat: Seat): string {
  const address = addressOf(chunk, seat.network, seat.slot)
  return lines(
    "link set lo up",
    `link set eth0 address ${macOf(address)}`,
    `addr add ${address}/${NETWORK_BITS} dev eth0`,
    "link set eth0 up",
    `route add default via ${addressOf(chunk, seat.network, 1)}`,
  )
}

async function ensureBridge(home: Home, chunk: number, network: number): Promise<void> {
  const bridge = bridgeName(home, network)
  if (!hasInterface(bridge)) await exec("ip", ["-batch", "-"], bridgeUp(bridge, addressOf(chunk, network, 1)))
  if (network !== BUILD_NETWORK) await allowWithin(home, bridge)
}

/** Its address is fixed: by default it follows the lowest of its ports, and replicas would lose their gateway with it. */
function bridgeUp(bridge: string, gateway: string): string {
  return lines(
    `link add name ${bridge} address ${macOf(gateway)} type bridge`,
    `addr add ${gateway}/${NETWORK_BITS} dev ${bridge}`,
    `link set ${bridge} up`,
  )
}

const lines = (...commands: string[]) => `${commands.join("\n")}\n`
