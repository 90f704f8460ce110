export { runnerClient } from "./client"
export type { Container, CreateContainer, Runner, Usage } from "./protocol"
export { dismantle, openRunner } from "./runner"
export { serveRunner } from "./server"
