import { isIPv6 } from "node:net"
import type { NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyPeer } from "kubernetes-types/networking/v1"
import type { ClusterApp } from "../../port"
import { metaOf } from "./names"
import { HTTP_PORT, SSH_PORT } from "./pod"
import type { ClusterSettings, Peer } from "./settings"

/** Where clouds tell machines who they are and hand out their keys. Of IPv6, those of Amazon and Google are not link-local. */
const METADATA = ["169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128"]
const EVERYWHERE = ["0.0.0.0/0", "::/0"]

/**
 * Who the app's pods talk with: each other, what brings requests and SSH, the platform, DNS, the API server and the world outside. Not
 * other apps, nothing else inside the cluster, no cloud's metadata. Needs a network plugin that enforces it.
 */
export function networkPolicy(settings: ClusterSettings, app: ClusterApp): NetworkPolicy {
  const own: NetworkPolicyPeer = { podSelector: {} }
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metaOf(settings, app, "app"),
    spec: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [own] },
        { from: [peerOf(settings.ingress)], ports: [tcp(HTTP_PORT)] },
        { from: [peerOf(settings.sshIngress)], ports: [tcp(SSH_PORT)] },
      ],
      egress: [
        { to: [own] },
        { to: [peerOf(settings.platform)], ports: [tcp(settings.platform.port)] },
        // To any address: resolvers are pods, nodes' own (169.254.20.10) or a cloud's. Other apps' pods let nobody in at that port either.
        { ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
        ...settings.apiServer.map(({ address, port }): NetworkPolicyEgressRule => ({ to: [blockOf(address)], ports: [tcp(port)] })),
        { to: outside(settings.inside) },
      ],
    },
  }
}

/** Everything but the inside, by family: what is left out must lie within the block. */
function outside(inside: readonly string[]): NetworkPolicyPeer[] {
  const closed = [...METADATA, ...inside]
  return EVERYWHERE.map((cidr) => ({ ipBlock: { cidr, except: closed.filter((one) => isOfIPv6(one) === isOfIPv6(cidr)) } }))
}

const isOfIPv6 = (cidr: string) => cidr.includes(":")
const blockOf = (address: string): NetworkPolicyPeer => ({ ipBlock: { cidr: `${address}/${isIPv6(address) ? 128 : 32}` } })
const tcp = (port: number) => ({ protocol: "TCP", port })
const peerOf = ({ namespace, pods }: Peer): NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: namespace },
  podSelector: { matchLabels: pods },
})
