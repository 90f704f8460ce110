import { setMaintenance } from "@/server/apps"
import { SetMaintenanceInput } from "@/server/apps/schema"
import { rest } from "@/server/next/rest"
import { type OfApp, renamingField } from "../../shapes"

/** `gigalixir maintenance:on`, `maintenance:off` */
export const PUT = rest<OfApp>((ctx, { params, body }) =>
  renamingField("isEnabled", "enable", async () => {
    const { isInMaintenance } = await setMaintenance(ctx, SetMaintenanceInput.parse({ app: params.app, isEnabled: body.enable }))
    return { enable: isInMaintenance }
  }),
)
