/** What changed, as it changes: one listening connection a process, shared by all who watch. */
export { type Hub, type HubEvent, type Interest, makeHub, type Notice } from "./hub"
export { sharedHub, shareHub } from "./shared"
export { changeStream, type StreamOptions } from "./stream"
