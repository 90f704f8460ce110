import { addressesOf, appInfo } from "@/server/apps"
import { AppError } from "@/server/kernel/errors"
import { serverParts } from "@/server/next/parts"
import { rest } from "@/server/next/rest"
import type { OfApp } from "../../shapes"

/** What `gigalixir ps:ssh` and its kin ask for: split on blanks, it may carry options (gigalixir.md A.2). */
export const GET = rest<OfApp>(async (ctx, { params }) => {
  const { ssh } = addressesOf(serverParts().env, await appInfo(ctx, params.app))
  if (!ssh) throw new AppError("unavailable", "There is no SSH port left for this app: its operator can widen PHIAL_SSH_PORTS.")
  return { ssh_ip: `${ssh.host} -p ${ssh.port}` }
})
