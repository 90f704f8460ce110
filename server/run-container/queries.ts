import { and, asc, eq, inArray, or } from "drizzle-orm"
import { permissions, replicas, sshKeys } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { AppError, fieldError } from "@/server/kernel/errors"
import { ownApp } from "./app"
import { isOtpApp, migrateExpression } from "./migrate-expression"

/** The SSH keys of whoever may enter: owner and collaborators, one line each. */
export async function keysOfApp(ctx: Ctx, appName: string): Promise<string[]> {
  const app = await ownApp(ctx, appName)
  const collaborators = ctx.db
    .select({ id: permissions.userId })
    .from(permissions)
    .where(and(eq(permissions.appId, app.id), eq(permissions.role, "COLLABORATOR")))
  const rows = await ctx.db
    .select({ key: sshKeys.key })
    .from(sshKeys)
    .where(or(eq(sshKeys.userId, app.ownerId), inArray(sshKeys.userId, collaborators)))
    .orderBy(asc(sshKeys.id))
  return rows.map((row) => row.key.replaceAll(/[\r\n]+/g, " ").trim())
}

/** The small number of a replica among its app's (HOST_INDEX). Given when it was made; asking again answers the same. */
export async function hostIndex(ctx: Ctx, appName: string, hostname: string): Promise<number> {
  const app = await ownApp(ctx, appName)
  const [replica] = await ctx.db
    .select({ index: replicas.index })
    .from(replicas)
    .where(and(eq(replicas.appId, app.id), eq(replicas.id, hostname)))
  if (!replica) throw new AppError("not_found", `Host ${hostname} is not a replica of this app.`)
  return replica.index
}

/** The expression that migrates, for `rpc` or `eval`. @param otpApp `null`: all that the release has. */
export async function migrateCommand(ctx: Ctx, appName: string, otpApp: string | null): Promise<string> {
  await ownApp(ctx, appName)
  if (otpApp !== null && !isOtpApp(otpApp)) throw fieldError("migration_app_name", "is not the name of an OTP application.")
  return migrateExpression(otpApp)
}
