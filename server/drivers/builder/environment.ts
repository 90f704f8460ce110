import { AppError } from "@/server/kernel/errors"
import type { Secret } from "@/server/kernel/secret"
import { SLUG_BYTES } from "./limits"
import type { BuildOrder } from "./port"

export interface BuildSettings {
  /** Where other versions of Erlang and Elixir come from; the layout of builds.hex.pm. */
  toolchainMirror: string
  /** Where Node.js comes from for assets that need it; the layout of nodejs.org/dist. By default that. */
  nodeMirror?: string
  /** For the default of PHX_HOST. */
  appsDomain: string
}

/**
 * What `stack/build` is told. Config comes with a prefix, so that one called PATH or BASH_ENV reaches the buildpacks without
 * changing how the build itself runs. Pure.
 */
export function buildEnvironment(order: BuildOrder, settings: BuildSettings): Record<string, string> {
  const config = Object.entries(order.env).map(([name, value]) => [`PHIAL_CONFIG_${name}`, revealed(value)])
  return {
    ...Object.fromEntries(config),
    PHIAL_APP_NAME: order.app.name,
    PHIAL_COMMIT: order.commit,
    PHIAL_STACK: order.stack,
    PHIAL_SUBMODULES: order.source.submodules.map(({ path, commit, url }) => fields(path, commit, url)).join("\n"),
    PHIAL_CLEAN_CACHE: String(order.cleanCache),
    ...hotUpgrade(order),
    PHIAL_TOOLCHAIN_MIRROR: settings.toolchainMirror,
    ...(settings.nodeMirror ? { PHIAL_NODE_MIRROR: settings.nodeMirror } : {}),
    PHIAL_APPS_DOMAIN: settings.appsDomain,
    PHIAL_SLUG_LIMIT_BYTES: String(SLUG_BYTES),
  }
}

function hotUpgrade({ hotUpgrade }: BuildOrder): Record<string, string> {
  if (!hotUpgrade?.from) return { PHIAL_HOT_UPGRADE: String(hotUpgrade !== null) }
  const { release, sha256, stack, meta } = hotUpgrade.from
  return {
    PHIAL_HOT_UPGRADE: "true",
    PHIAL_HOT_FROM_SHA256: sha256,
    PHIAL_HOT_FROM_RELEASE: String(release),
    PHIAL_HOT_FROM_STACK: stack,
    PHIAL_HOT_FROM_MODE: meta.mode,
    PHIAL_HOT_FROM_NAME: meta.releaseName,
    PHIAL_HOT_FROM_VERSION: meta.version,
    PHIAL_HOT_FROM_COMMAND: meta.processTypes.web ?? "",
  }
}

function fields(...values: string[]): string {
  if (values.some((value) => /[\t\n]/.test(value))) throw new AppError("invalid", "A submodule has a tab or a newline in its path or URL.")
  return values.join("\t")
}

const revealed = (value: string | Secret) => (typeof value === "string" ? value : value.reveal())
