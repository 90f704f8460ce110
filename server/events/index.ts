/** What changed, as it changes: one listening connection a process, shared by all who watch. */
export { type Hub, type HubEvent, makeHub } from "./hub"
export { listenForever } from "./listen"
export { sharedHub, shareHub } from "./shared"
export { changeStream } from "./stream"
