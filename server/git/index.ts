/** The git server: clone and fetch, and pushes that build. */
export { type GitParts, gitHandler } from "./handler"
export type { GitPaths } from "./packs"
export { removeRepository } from "./repository"
