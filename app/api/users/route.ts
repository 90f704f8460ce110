import { apiUser } from "@/server/accounts"
import { rest } from "@/server/next/rest"

/** `gigalixir account` */
export const GET = rest(apiUser)
