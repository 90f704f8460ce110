export { runnerClient } from "./client"
export type { Container, CreateContainer, Runner, Usage } from "./protocol"
export { openRunner } from "./runner"
export { serveRunner } from "./server"
