import postgres from "postgres"
import { EMBEDDED_DATABASE, homeAt } from "../../server/kernel/home"

/** Gives someone a role on an app. In its database, as there is no page and no command for it yet. */
export async function share(home: string, app: string, email: string, role: "COLLABORATOR" | "VIEWER"): Promise<void> {
  const { socketDir } = homeAt(home).postgres
  const sql = postgres({ path: `${socketDir}/.s.PGSQL.5432`, username: EMBEDDED_DATABASE, database: EMBEDDED_DATABASE, max: 1 })
  try {
    await sql`insert into permissions (app_id, user_id, role)
      select apps.id, users.id, ${role} from apps, users where apps.name = ${app} and users.email = ${email}`
  } finally {
    await sql.end()
  }
}
