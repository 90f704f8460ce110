import { addSshKey, removeSshKey, type SshKeyView, sshKeysOf } from "@/server/accounts"
import { rest } from "@/server/next/rest"

const shown = ({ id, key, fingerprint }: SshKeyView) => ({ id, key, fingerprint })

/** `gigalixir account:ssh_keys` */
export const GET = rest(async (ctx) => (await sshKeysOf(ctx)).map(shown))

/** `gigalixir account:ssh_keys:add` */
export const POST = rest(async (ctx, { body }) => shown(await addSshKey(ctx, { sshKey: body.ssh_key })), { ok: 201 })

/** `gigalixir account:ssh_keys:remove`: the id comes in the body */
export const DELETE = rest((ctx, { body }) => removeSshKey(ctx, body))
