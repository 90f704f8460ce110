import { appInfo, appsOf, createApp } from "@/server/apps"
import { CreateAppInput } from "@/server/apps/schema"
import { CLOUD, REGION } from "@/server/apps/stacks"
import { fieldError } from "@/server/kernel/errors"
import { rest } from "@/server/next/rest"
import { appShape, renamingField } from "./shapes"

/** `gigalixir apps` */
export const GET = rest(async (ctx) => (await appsOf(ctx)).map(appShape))

/** `gigalixir apps:create` */
export const POST = rest(
  async (ctx, { body }) => {
    checkPlace("cloud", body.cloud, CLOUD)
    checkPlace("region", body.region, REGION)
    const { unique_name: name, stack, size, replicas } = body
    const created = await renamingField("name", "unique_name", async () =>
      createApp(ctx, CreateAppInput.parse({ name, stack, size, replicas })),
    )
    return appShape(await appInfo(ctx, created.name))
  },
  { ok: 201 },
)

/** Who asks for another place would not get it: better said than ignored. */
function checkPlace(field: string, asked: unknown, only: string): void {
  if (asked !== undefined && asked !== null && asked !== only) throw fieldError(field, `is "${only}" here: leave it out.`)
}
