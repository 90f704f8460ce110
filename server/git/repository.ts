import { existsSync } from "node:fs"
import { mkdir, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { git, gitEnv } from "./command"

/** @param repositories `home.repositories`. */
export function repositoryOf(repositories: string, appId: string): string {
  return path.join(repositories, `${appId}.git`)
}

/**
 * Makes an app's bare repository if there is none. Safe to call twice at once.
 * @returns its folder.
 */
export async function ensureRepository(repositories: string, appId: string): Promise<string> {
  const dir = repositoryOf(repositories, appId)
  if (existsSync(dir)) return dir
  await mkdir(repositories, { recursive: true })
  const fresh = `${dir}.${process.pid}.${Date.now()}.new`
  await git(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", fresh], { env: { ...gitEnv } })
  // A build gets every file as it was committed, also those that the project leaves out of its own archives.
  await mkdir(path.join(fresh, "info"), { recursive: true })
  await writeFile(path.join(fresh, "info/attributes"), "* -export-ignore -export-subst\n")
  await rename(fresh, dir).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  })
  return dir
}

/** Removes an app's repository: when it is deleted. Repeatable. */
export async function removeRepository(repositories: string, appId: string): Promise<void> {
  await rm(repositoryOf(repositories, appId), { recursive: true, force: true })
}
