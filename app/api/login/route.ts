import { makeLoginKey } from "@/server/accounts"
import { rest } from "@/server/next/rest"

/** `gigalixir login` */
export const GET = rest((ctx, { request }) => makeLoginKey(ctx, request.headers.get("authorization")), { auth: "none" })
