import { createHash } from "node:crypto"
import { htmlPage, type Page, type PageName, pages, plainPage } from "./pages"
import { backendOf, serverLines, serversOf } from "./runtime"
import { bindAt, type Section, type Site, type Slot } from "./site"
import { sshBackends, sshHead } from "./ssh"
import type { EdgeApp, EdgeState } from "./state"

/** Longer than any drain window: only what an app was allowed to keep open is cut, and not before. */
const OLD_WORKER_LIVES = "4h"
const OLD_WORKERS_AT_MOST = 8

/** The whole of haproxy.cfg. Its `description` says which structure it is, so that one can ask a running process what it has loaded. */
export function renderConfig(site: Site, state: EdgeState): string {
  return [
    globalSection(site, structureOf(site, state)),
    ...sections(site, state).map(({ head, rules, servers = [] }) => section(head, [...rules, ...servers])),
  ].join("\n")
}

/** A digest of all that only a reload can change: everything but the servers. */
export function structureOf(site: Site, state: EdgeState): string {
  const fixed = [globalSection(site, ""), ...sections(site, state).map(({ head, rules }) => section(head, rules)), pagesMap()]
  return createHash("sha256").update(fixed.join("\n")).digest("hex").slice(0, 16)
}

/** Those for SSH come last: what follows a `defaults` takes them from it. */
function sections(site: Site, state: EdgeState): Section[] {
  const bySlot = new Map(Object.values(state.apps).map((app) => [app.slot, app]))
  const slots = Array.from({ length: state.slots }, (_, index) => ({ slot: index + 1, app: bySlot.get(index + 1) }))
  return [
    defaultsSection(site),
    frontendSection(site),
    pagesSection(site),
    ...slots.map((one) => appBackend(site, one)),
    ...sshHead(site, state.sshPorts),
    ...sshBackends(slots),
  ]
}

function section(head: string, lines: readonly string[]): string {
  return `${[head, ...lines.map((line) => `  ${line}`)].join("\n")}\n`
}

function globalSection({ edge, hasAccessLog }: Site, structure: string): string {
  return section("global", [
    `description ${structure}`,
    `stats socket ${edge.adminSocket} mode 600 level admin expose-fd listeners`,
    `hard-stop-after ${OLD_WORKER_LIVES}`,
    `mworker-max-reloads ${OLD_WORKERS_AT_MOST}`,
    // Without it, an unlimited `ulimit -n` makes HAProxy reserve gigabytes.
    "fd-hard-limit 100000",
    "ssl-default-bind-options ssl-min-ver TLSv1.2",
    // The process's output is the pipe. A ring towards a unix socket costs 2 ms a request while nobody listens (2.6.12).
    ...(hasAccessLog ? ["log stdout len 4096 format raw local0 info"] : []),
  ])
}

function defaultsSection(site: Site): Section {
  const rules = [
    ...["mode http", "log global", "balance leastconn", "option allbackups"],
    // On this machine a connection takes microseconds, or seconds when its processors are busy: then no replica is to blame.
    ...["timeout connect 5s", "timeout check 5s", "timeout queue 10s", "timeout http-request 30s", "timeout http-keep-alive 75s"],
    // Long polls and slow reports are an app's own affair; a LiveView's socket speaks twice a minute, others less.
    ...["timeout client 10m", "timeout server 10m", "timeout tunnel 4h", "timeout client-fin 30s"],
    // At a reload an idle connection is closed with its next answer: closed at once, it could meet a request on its way.
    "option idle-close-on-response",
    // A replica that is killed fails no request that may be repeated. Each try may meet another of its dead kept connections.
    ...["retries 10", "retry-on conn-failure empty-response", "option redispatch 1"],
    ...errorRule(site, 502, "broken"),
    ...errorRule(site, 503, "unhealthy"),
    ...errorRule(site, 504, "slow"),
  ]
  return { head: "defaults", rules }
}

function frontendSection({ hosts, appsPort, appsTlsPort, files, hasAccessLog }: Site): Section {
  const rules = [
    ...hosts.map((host) => bindAt(host, appsPort)),
    ...hosts.map((host) => `${bindAt(host, appsTlsPort)} ssl crt ${files.certificate} alpn h2,http/1.1`),
    "unique-id-format %[uuid()]",
    ...(hasAccessLog ? ["http-request capture req.hdr(user-agent) len 200", `log-format '${ACCESS_LINE}'`] : []),
    "http-request set-var(txn.host) req.hdr(host),field(1,:),rtrim(.),lower",
    `http-request set-var(txn.to) var(txn.host),map_str(${files.hosts})`,
    `http-request set-var(txn.to) var(txn.host),regsub("^[^.]+",*),map_str(${files.hosts}) if !{ var(txn.to) -m found }`,
    "http-request set-var(txn.app) var(txn.to),field(2,/)",
    'http-request set-var(txn.as) str(html) if { req.hdr(accept) -m sub "text/html" }',
    "http-request set-header X-Forwarded-For %[src]",
    "http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]",
    "http-request set-header X-Forwarded-Host %[req.hdr(host)]",
    "http-request set-header X-Request-Id %[unique-id]",
    "http-request disable-l7-retry if !{ method GET HEAD OPTIONS PUT DELETE }",
    `http-after-response set-header Content-Type "text/plain; charset=utf-8" if { res.hdr(${PAGE_HEADER}) -m found } !{ var(txn.as) -m found }`,
    "use_backend %[var(txn.to),field(1,/)] if { var(txn.to) -m end /serving }",
    "default_backend pages",
  ]
  return { head: "frontend apps", rules }
}

/** Who sends plain text finds what he asked for, and which page it is, in this header. */
const PAGE_HEADER = "x-phial-page"

/** One JSON object; what comes from outside goes through `json`. */
const ACCESS_LINE = [
  '{"at":%Ts.%ms,"id":"%ID","app":"%[var(txn.app)]","host":"%[var(txn.host),json(utf8s)]","replica":"%s","client":"%ci"',
  '"method":"%[capture.req.method,json(utf8s)]","path":"%[capture.req.uri,field(1,?),json(utf8s)]","version":"%HV","tls":"%sslv"',
  '"status":%ST,"requestMs":%TR,"queueMs":%Tw,"connectMs":%Tc,"responseMs":%Tr,"totalMs":%Ta,"bytesIn":%U,"bytesOut":%B',
  '"end":"%tsc","retries":"%rc","agent":"%[capture.req.hdr(0),json(utf8s)]"}',
].join(",")

function pagesSection(site: Site): Section {
  const rules = [
    'http-request set-var(txn.shown) var(txn.host),regsub("[^a-z0-9.-]",,g),bytes(0,100)',
    ...(["no_release", "scaled_to_zero", "maintenance"] as const).map((name) => returnRule(site, name, `{ var(txn.to) -m end /${name} }`)),
    returnRule(site, "unhealthy", "{ var(txn.to) -m found }"),
    returnRule(site, "unknown", null),
  ]
  return { head: "backend pages", rules }
}

function returnRule(site: Site, name: PageName, condition: string | null): string {
  const { status } = pages[name]
  return `http-request return status ${status} ${answer(site, name)}${condition ? ` if ${condition}` : ""}`
}

function errorRule(site: Site, status: number, name: PageName): string[] {
  return [`http-error status ${status} ${answer(site, name)}`]
}

function answer(site: Site, name: PageName): string {
  const { retryAfterSeconds } = pages[name]
  const again = retryAfterSeconds === null ? "" : ` hdr Retry-After ${retryAfterSeconds}`
  return `content-type "text/html; charset=utf-8" lf-string "${pageExpression(site, name)}\\n" hdr Cache-Control no-store hdr ${PAGE_HEADER} ${name}${again}`
}

/**
 * HAProxy has one body for an error, whoever asks. So the pieces of each page, between the places to fill in, lie in a map, and the
 * client's wish is a part of the key.
 */
function pageExpression({ files }: Site, name: PageName): string {
  const parts = Math.max(...renditions(pages[name]).map(([, text]) => split(text).length))
  return Array.from({ length: parts }, (_, index) => {
    const piece = `%[var(txn.as,text),concat(.${name}.${index}),map_str(${files.pages}),url_dec]`
    return piece + (index < parts - 1 ? `%[var(${variableOf(name)})]` : "")
  }).join("")
}

/** Each page names one thing: the app, or the host where no app is. */
const variableOf = (name: PageName) => (name === "unknown" ? "txn.shown" : "txn.app")

const renditions = (page: Page) => [["html", htmlPage(page)] as const, ["text", plainPage(page)] as const]

const split = (text: string) => text.split(/\{app\}|\{host\}/)

/** The file that `pageExpression` looks into. Encoded, since a map keeps no blanks at the ends of a value. */
export function pagesMap(): string {
  const names = Object.keys(pages) as PageName[]
  const rows = names.flatMap((name) =>
    renditions(pages[name]).flatMap(([as, text]) =>
      split(text).map((piece, index) => `${as}.${name}.${index} ${encodeURIComponent(piece)}`),
    ),
  )
  return `${rows.join("\n")}\n`
}

function appBackend(site: Site, { slot, app }: Slot): Section {
  const head = `backend ${backendOf({ slot })}`
  return app ? { head, rules: checkRules(site, app), servers: serverLines(serversOf(app)) } : { head, rules: [] }
}

function checkRules({ appsDomain }: Site, { check, name }: EdgeApp): string[] {
  if (check.kind === "tcp") return []
  return [
    "option httpchk",
    // As a request that came over TLS would look, so that an app that forces it does not answer with a redirect only.
    `http-check send meth GET uri '${quotable(check.path)}' ver HTTP/1.1 hdr Host ${name}.${appsDomain} hdr X-Forwarded-Proto https hdr User-Agent Phial-Health-Check`,
    `http-check expect status ${check.expectedStatus ?? "200-399"}`,
  ]
}

/** What could end the quotes or the line is percent-encoded, as a path must have it anyway. */
function quotable(path: string): string {
  return path.replace(/[^A-Za-z0-9/_.~?&=:+,@;%-]/g, (character) => encodeURIComponent(character).replace(/'/g, "%27"))
}

/** Which backend a host leads to, which app that is and what it is to show: `<backend>/<app>/<page>`. */
export function hostRows(site: Site, state: EdgeState): Map<string, string> {
  const routed = Object.values(state.apps).filter((app) => app.page !== null)
  const value = (app: EdgeApp) => `${backendOf(app)}/${app.name}/${app.page}`
  return new Map([
    ...routed.flatMap((app) => app.hosts.map((host) => [host, value(app)] as const)),
    // Last: no custom domain takes another app's own address.
    ...routed.map((app) => [`${app.name}.${site.appsDomain}`, value(app)] as const),
  ])
}
