import path from "node:path"
import type { Home } from "@/server/kernel/home"

/** Every network interface of any instance begins so; the firewall relies on it. */
export const ANY_INTERFACE = "phl"

/** The bridge of builds has the number that no app has. */
export const BUILD_NETWORK = 0

type Named = Pick<Home, "id">

/** Three digits in base 36: 4095 is `35r`. Interface names have fifteen characters at most. */
const short = (number: number, length: number) => number.toString(36).padStart(length, "0")

export const interfacePrefix = (home: Named) => `${ANY_INTERFACE}${home.id}`
export const bridgeName = (home: Named, network: number) => `${interfacePrefix(home)}b${short(network, 3)}`
export const vethName = (home: Named, network: number, slot: number) => `${interfacePrefix(home)}v${short(network, 3)}${short(slot, 2)}`
export const netnsName = (home: Named, id: string) => `phial-${home.id}-${id}`
export const netnsFile = (home: Named, id: string) => `/run/netns/${netnsName(home, id)}`
export const tableName = (home: Named) => `phial_${home.id}`
export const instanceCgroup = (home: Named) => `/phial-${home.id}`
export const cgroupPath = (home: Named, id: string) => `${instanceCgroup(home)}/${id}`

/** The user that an app's code runs as. Far from any that a person or a package has. */
export const uidOf = (app: number) => 200_000 + app

/** What one container has on disk. Root's own but for `logFile`. */
export interface Places {
  dir: string
  order: string
  /** Written last by create: without it the container is half made. */
  runtime: string
  /** Written once by whoever first sees the end. */
  exit: string
  /** Written by stop, so that the kill after the grace survives the runner. */
  stop: string
  bundle: string
  config: string
  etc: string
  disk: { image: string; mount: string }
  pidFile: string
  monitorPidFile: string
  monitorLog: string
  logDir: string
  logFile: string
  exitDir: string
  socketDir: string
}

export function placesOf(home: Pick<Home, "containers">, id: string): Places {
  const dir = path.join(home.containers, id)
  const at = (...parts: string[]) => path.join(dir, ...parts)
  return {
    dir,
    order: at("order.json"),
    runtime: at("runtime.json"),
    exit: at("exit.json"),
    stop: at("stop.json"),
    bundle: at("bundle"),
    config: at("bundle", "config.json"),
    etc: at("etc"),
    disk: { image: at("disk.img"), mount: at("disk") },
    pidFile: at("pid"),
    monitorPidFile: at("monitor.pid"),
    monitorLog: at("monitor.log"),
    logDir: at("log"),
    logFile: at("log", "output.log"),
    exitDir: at("exits"),
    socketDir: at("sockets"),
  }
}

export const volumeImage = (home: Pick<Home, "volumes">, app: number) => path.join(home.volumes, `${app}.img`)
export const volumeMount = (home: Pick<Home, "volumes">, app: number) => path.join(home.volumes, `${app}`)

/** runc's own state; on a file system that a restart empties, as its content is worthless then. */
export const runcRoot = (home: Named) => `/run/phial/runc/${home.id}`
