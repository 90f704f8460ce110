/**
 * What a browser or a command line sees when no app can answer. `{app}` and `{host}` are filled in by HAProxy: an app's name by its
 * own rule cannot hold markup, and a host is stripped to letters, digits, dots and dashes.
 *
 * Maintenance and the others that pass are 503 and not Gigalixir's 404, which tells crawlers to forget the page.
 */
export interface Page {
  status: number
  /** Seconds after which a client may ask again; `null`: asking again helps nothing. */
  retryAfterSeconds: number | null
  title: string
  /** What is the case, in one sentence. */
  what: string
  /** What its owner can do, as text and command. */
  todo: ReadonlyArray<{ text: string; command?: string }>
}

export const pages = {
  unknown: {
    status: 404,
    retryAfterSeconds: null,
    title: "There is no app here",
    what: "No app answers at {host}.",
    todo: [
      { text: "Check the address for a typing mistake." },
      { text: "If the app is yours, see that it exists:", command: "gigalixir apps" },
      { text: "If this is a domain of your own, add it to the app:", command: "gigalixir domains:add {host} -a APP" },
    ],
  },
  no_release: {
    status: 503,
    retryAfterSeconds: 30,
    title: "Nothing has been deployed yet",
    what: "The app {app} exists and waits for its first push.",
    todo: [
      { text: "Point your project at it:", command: "gigalixir git:remote {app}" },
      { text: "Then push:", command: "git push gigalixir main" },
    ],
  },
  scaled_to_zero: {
    status: 503,
    retryAfterSeconds: 30,
    title: "This app is scaled to zero",
    what: "The app {app} is deployed, but no replica of it runs.",
    todo: [{ text: "Start one:", command: "gigalixir ps:scale --replicas=1 -a {app}" }],
  },
  maintenance: {
    status: 503,
    retryAfterSeconds: 60,
    title: "Down for maintenance",
    what: "The app {app} is being worked on and will be back soon.",
    todo: [{ text: "If the app is yours, end the maintenance with:", command: "gigalixir maintenance:off -a {app}" }],
  },
  unhealthy: {
    status: 503,
    retryAfterSeconds: 5,
    title: "This app is not answering",
    what: "No replica of {app} takes requests at the moment.",
    todo: [
      { text: "Try again in a few seconds." },
      { text: "If the app is yours, see what it prints:", command: "gigalixir logs -a {app}" },
      { text: "And see that it listens on the port given in PORT, on all addresses:", command: "gigalixir ps -a {app}" },
    ],
  },
  broken: {
    status: 502,
    retryAfterSeconds: null,
    title: "The app broke off",
    what: "{app} closed the connection before it had answered.",
    todo: [
      { text: "Try again if the request may be repeated." },
      { text: "If the app is yours, see what it prints:", command: "gigalixir logs -a {app}" },
    ],
  },
  slow: {
    status: 504,
    retryAfterSeconds: null,
    title: "The app took too long",
    what: "{app} took the request and did not answer in time.",
    todo: [
      { text: "Try again if the request may be repeated." },
      { text: "If the app is yours, see what it prints:", command: "gigalixir logs -a {app}" },
    ],
  },
} as const satisfies Record<string, Page>

export type PageName = keyof typeof pages

/** For a client that did not ask for HTML: all in one line, since HAProxy writes a line break in what it looks up as `%0A`. */
export function plainPage(page: Page): string {
  const steps = page.todo.map(({ text, command }) => (command ? `${text} ${command}.` : text))
  return [`${page.title}. ${page.what}`, ...steps].join(" ")
}

/** Self-contained: nothing is loaded from elsewhere. */
export function htmlPage(page: Page): string {
  const steps = page.todo.map((step) => `<li>${step.text}${"command" in step ? `<code>${step.command}</code>` : ""}</li>`).join("")
  return oneLine(`
    <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${page.title}</title>
    <style>${STYLE}</style></head><body><main>${FLASK}<h1>${page.title}</h1><p>${page.what}</p><ul>${steps}</ul>
    <footer>${page.status} · Phial</footer></main></body></html>
  `)
}

const STYLE = oneLine(`
  :root{--back:#fafafa;--card:#fff;--line:#e4e4e7;--text:#18181b;--quiet:#5f5f69;--accent:#6d3fc0}
  @media(prefers-color-scheme:dark){:root{--back:#101012;--card:#18181b;--line:#2c2c31;--text:#f4f4f5;--quiet:#a1a1aa;--accent:#b79bf0}}
  *{box-sizing:border-box}
  body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--back);color:var(--text);
    font:16px/1.5 Inter,system-ui,sans-serif}
  main{width:100%;max-width:520px;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:12px}
  svg{display:block;color:var(--accent)}
  h1{margin:16px 0 8px;font-size:24px;line-height:1.25;font-weight:650;letter-spacing:-.01em}
  p{margin:0;color:var(--quiet);overflow-wrap:anywhere}
  ul{list-style:none;margin:24px 0 0;padding:0;display:grid;gap:12px}
  code{display:block;margin-top:4px;padding:8px 12px;border:1px solid var(--line);border-radius:8px;background:var(--back);
    font:14px/1.5 "JetBrains Mono",ui-monospace,monospace;overflow-wrap:anywhere}
  footer{margin-top:24px;padding-top:16px;border-top:1px solid var(--line);color:var(--quiet);font-size:14px}
`)

const FLASK = oneLine(`
  <svg width="32" height="32" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true"><path d="M9 3h6M10 3v5.5L5.2 17a2.7 2.7 0 0 0 2.4 4h8.8a2.7 2.7 0 0 0 2.4-4L14 8.5V3M7.5 15h9"/></svg>
`)

function oneLine(text: string): string {
  return text.replace(/\n\s*/g, " ").trim()
}
