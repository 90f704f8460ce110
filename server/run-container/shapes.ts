import { CLOUD, REGION } from "@/server/apps/stacks"
import type { RunRelease } from "./release"

/** The body of `releases/current`, named as Gigalixir names it (gigalixir.md A.6). */
export function releaseJson(run: RunRelease) {
  const { app, release, slug } = run
  return {
    slug_url: run.slugUrl,
    slug_sha256: slug.sha256,
    customer_app_name: slug.meta.releaseName,
    process_command: slug.meta.processTypes.web ?? "",
    config: Object.fromEntries(Object.entries(run.config).map(([key, value]) => [key, value.reveal()])),
    capabilities: { distillery: { eval: "elixir", rpc: "no_print", start_command: "start", remote_command: "remote" } },
    cloud: CLOUD,
    region: REGION,
    version: release.version,
    sha: slug.commit,
    created_at: release.createdAt.toISOString(),
    summary: release.summary,
    replicas: app.replicas,
    secret_key_base: run.secretKeyBase.reveal(),
    erlang_cookie: run.erlangCookie.reveal(),
    logplex_token: "",
    libcluster_kubernetes_selector: `repo=${app.name}`,
    libcluster_kubernetes_node_basename: app.name,
  }
}

/**
 * The same for a shell: `KEY=value` ended by NUL each; the platform's variables, an empty record, then the app's config, which wins.
 * What begins with `PHIAL__` is for the entrypoint alone.
 * @param host the app's own, for PHX_HOST.
 */
export function releaseEnv0(run: RunRelease, host: string): string {
  const { app, slug } = run
  const platform = {
    PHIAL__SLUG_URL: run.slugUrl,
    PHIAL__SLUG_SHA256: slug.sha256,
    PHIAL__CUSTOMER_APP_NAME: slug.meta.releaseName,
    PHIAL__PROCESS_COMMAND: slug.meta.processTypes.web ?? "",
    APP_NAME: app.name,
    SOURCE_VERSION: slug.commit,
    SECRET_KEY_BASE: run.secretKeyBase.reveal(),
    ERLANG_COOKIE: run.erlangCookie.reveal(),
    PHX_HOST: host,
    PHX_SERVER: "true",
  }
  const config = Object.entries(run.config).map(([key, value]): [string, string] => [key, value.reveal()])
  return `${records(Object.entries(platform))}\0${records(config)}`
}

function records(pairs: Array<[string, string]>): string {
  return pairs.map(([key, value]) => `${key}=${value}\0`).join("")
}
