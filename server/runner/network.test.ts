import { describe, expect, it } from "vitest"
import { addressOf, chunkRange, macOf, overlapsChunk } from "./addresses"
import { firewall } from "./firewall"
import { bridgeName, vethName } from "./names"
import { containerSide, hostSide } from "./network"

const home = { id: "aabbcc" }

describe("addresses", () => {
  it("give each instance a /14, each app 64 addresses in it, and each container one of these", () => {
    expect([chunkRange(0), chunkRange(1), chunkRange(31)]).toEqual(["10.128.0.0/14", "10.132.0.0/14", "10.252.0.0/14"])
    expect([addressOf(0, 1, 1), addressOf(0, 1, 2), addressOf(0, 4095, 62), addressOf(31, 1, 2)]).toEqual([
      ...["10.128.0.65", "10.128.0.66", "10.131.255.254", "10.252.0.66"],
    ])
    expect(macOf("10.128.0.66")).toBe("0a:58:0a:80:00:42")
  })

  it("keep away from the machine's own routes", () => {
    expect(overlapsChunk("10.0.0.0/8", 3)).toBe(true)
    expect(overlapsChunk("10.133.1.2", 1)).toBe(true)
    expect(overlapsChunk("10.133.1.0/24", 0)).toBe(false)
    expect(overlapsChunk("192.168.0.0/16", 0)).toBe(false)
  })
})

it("names of interfaces fit into fifteen characters for any app and slot", () => {
  expect(bridgeName(home, 4095)).toBe("phlaabbccb35r")
  expect(vethName(home, 4095, 62)).toBe("phlaabbccv35r1q")
})

it("a container's namespace has one interface, on its app's bridge", () => {
  expect(hostSide(home, "app-abc123", { network: 7, slot: 3 })).toBe(
    [
      "netns add phial-aabbcc-app-abc123",
      "link add phlaabbccv00703 type veth peer name eth0 netns phial-aabbcc-app-abc123",
      "link set phlaabbccv00703 master phlaabbccb007",
      "link set phlaabbccv00703 up\n",
    ].join("\n"),
  )
  expect(containerSide(0, { network: 7, slot: 3 })).toBe(
    [
      "link set lo up",
      "link set eth0 address 0a:58:0a:80:01:c3",
      "addr add 10.128.1.195/26 dev eth0",
      "link set eth0 up",
      "route add default via 10.128.1.193\n",
    ].join("\n"),
  )
})

it("a build sits on an isolated port, as no build may see another", () => {
  expect(hostSide(home, "build-1", { network: 0, slot: 2 })).toContain("link set phlaabbccv00002 type bridge_slave isolated on\n")
})

it("the firewall is one table: the same app, the world outside, and nothing else", () => {
  expect(firewall(home, 1, ["phlaabbccb001", "phlaabbccb002"])).toBe(`table inet phial_aabbcc
delete table inet phial_aabbcc
table inet phial_aabbcc {
  set same { type ifname . ifname; elements = { "phlaabbccb001" . "phlaabbccb001", "phlaabbccb002" . "phlaabbccb002" }; }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname "phlaabbcc*" ct state established,related accept
    iifname "phlaabbcc*" drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    # Bridged frames come through here too where bridge-nf-call-iptables is 1: same bridge first.
    iifname . oifname @same accept
    iifname "phlaabbcc*" oifname "phl*" drop
    iifname "phlaabbcc*" ip daddr 169.254.0.0/16 drop
    oifname "phlaabbcc*" ct state established,related accept
    oifname "phlaabbcc*" drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 10.132.0.0/14 oifname != "phl*" masquerade
  }
}
`)
})
