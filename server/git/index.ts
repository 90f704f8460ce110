/** The git server: clone and fetch, and pushes that build. */
export { type GitParts, gitHandler } from "./handler"
export { type HookParts, hookHandler } from "./hook-api"
export type { GitPaths } from "./packs"
export { removeRepository } from "./repository"
export { type BuildSource, sourcesAt } from "./sources"
