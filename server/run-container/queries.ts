import { and, asc, eq, inArray, or } from "drizzle-orm"
import { permissions, replicas, sshKeys } from "@/db/schema"
import type { Ctx } from "@/server/kernel/context"
import { AppError, fieldError } from "@/server/kernel/errors"
import { ownApp } from "./app"

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

/**
 * The expression that migrates every Ecto repository of an OTP application, for `rpc` or `eval`.
 * @param otpApp all applications of the release when `null`. They are loaded first: what `eval` starts has not.
 */
export async function migrateCommand(ctx: Ctx, appName: string, otpApp: string | null): Promise<string> {
  await ownApp(ctx, appName)
  if (otpApp !== null && !/^[a-z][a-z0-9_]*$/.test(otpApp)) throw fieldError("migration_app_name", "is not the name of an OTP application.")
  return [
    ...(otpApp ? [`Application.load(:${otpApp})`, `repos = Application.fetch_env!(:${otpApp}, :ecto_repos)`] : ALL_REPOSITORIES),
    'if repos == [], do: IO.puts("There is no Ecto repository to migrate: no application has ecto_repos in its config.")',
    "for repo <- repos, do: {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))",
  ].join("; ")
}

const ALL_REPOSITORIES = [
  'for dir <- :code.get_path(), file <- Path.wildcard("#{dir}/*.app"), do: Application.load(:"#{Path.basename(file, ".app")}")',
  "repos = for {app, _, _} <- Application.loaded_applications(), repo <- Application.get_env(app, :ecto_repos, []), do: repo",
]
