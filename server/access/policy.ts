/** What one is to an app. */
export type Role = "owner" | "collaborator" | "viewer"

const everyone: readonly Role[] = ["owner", "collaborator", "viewer"]
const deployers: readonly Role[] = ["owner", "collaborator"]
const owner: readonly Role[] = ["owner"]

/**
 * Role → permission, the only table of it: used by verbs, pages, REST, git, WebSockets and SSH (gigalixir.md C.15).
 * A pure module: pages read it too, to show a button disabled with the reason.
 */
export const permissionsOf = {
  "app:see": everyone,
  "app:scale": deployers,
  "app:restart": deployers,
  "app:maintain": deployers,
  "app:change_settings": deployers,
  "app:delete": owner,
  "build:push": deployers,
  "build:cancel": deployers,
  "release:see": everyone,
  "release:rollback": deployers,
  "rollout:cancel": deployers,
  "config:see_keys": everyone,
  "config:reveal": deployers,
  "config:change": deployers,
  "log:see": everyone,
  "replica:kill": deployers,
  "one_off:see": everyone,
  "one_off:run": deployers,
  "one_off:cancel": deployers,
  "access:see": everyone,
  "access:change": owner,
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof permissionsOf

export function may(role: Role, action: Action): boolean {
  return (permissionsOf[action] as readonly Role[]).includes(role)
}

/** The sentence behind a disabled button and a 403. */
export function whyNot(role: Role, action: Action): string | null {
  if (may(role, action)) return null
  return role === "viewer"
    ? "You are a viewer of this app: ask its owner to make you a collaborator."
    : "Only the owner of this app may do this."
}
