import { signUpStep } from "@/server/accounts"
import { rest } from "@/server/next/rest"

/** `gigalixir signup` */
export const POST = rest((ctx, { body }) => signUpStep(ctx, body), { auth: "none" })
