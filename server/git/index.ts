/** The git server: clone and fetch, and pushes that build. */
export { gitHandler } from "./handler"
export { hookHandler } from "./hook-api"
export { removeRepository } from "./repository"
export { sourcesAt } from "./sources"
export { sweepLeftovers } from "./sweep"
