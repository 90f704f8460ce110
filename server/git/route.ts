export type Service = "upload-pack" | "receive-pack"

/** What a request on a git path wants. */
export type GitRoute =
  | { kind: "advertise"; app: string; service: Service; isVersion2: boolean }
  | { kind: "serve"; app: string; service: Service }
  | { kind: "unknown" }

const REPOSITORY = /^(?:\/git\/([^/]+?)(?:\.git)?|\/([^/]+)\.git)(?:\/+(.*))?$/

/**
 * Reads the method and URL of a request: `/git/<app>.git/…`, also without `.git`, and `/<app>.git/…`. Pure.
 * @returns `null` for what is none of git's.
 */
export function gitRoute(method: string, url: string, protocol: string | undefined): GitRoute | null {
  const { pathname, searchParams } = new URL(url, "http://localhost")
  const [, named, bare, rest = ""] = REPOSITORY.exec(pathname) ?? []
  const app = (named ?? bare)?.toLowerCase()
  if (!app) return null
  const service = serviceNamed(rest === "info/refs" ? searchParams.get("service") : rest)
  if (!service) return { kind: "unknown" }
  if (rest === "info/refs") {
    if (method !== "GET") return { kind: "unknown" }
    return { kind: "advertise", app, service, isVersion2: service === "upload-pack" && /(^|:)version=2(:|$)/.test(protocol ?? "") }
  }
  return method === "POST" ? { kind: "serve", app, service } : { kind: "unknown" }
}

function serviceNamed(name: string | null): Service | null {
  if (name === "git-upload-pack") return "upload-pack"
  return name === "git-receive-pack" ? "receive-pack" : null
}
