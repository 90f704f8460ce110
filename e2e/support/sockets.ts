import { once } from "node:events"
import WebSocket from "ws"

/** Many WebSockets of one app's visitors, who come back when they are cut off. */
export interface Visitors {
  /** Of those that were opened first: when each was closed, as `Date.now()`. */
  closedAt: readonly number[]
  /** How many have come back. */
  back(): number
  /** How many have an open socket that answers. */
  answering(): Promise<number>
  leave(): void
}

/** So many at a time: a browser's handshake each, and a queue of 1,000 would be a test of something else. */
const AT_ONCE = 50
const ANSWERS_WITHIN_MS = 30_000

export async function openSockets(appsPort: number, app: string, count: number): Promise<Visitors> {
  const sockets = new Set<WebSocket>()
  const closedAt: number[] = []
  let back = 0
  let haveLeft = false

  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${appsPort}/ws`, { headers: { host: `${app}.localhost` }, perMessageDeflate: false })
    await once(socket, "open")
    sockets.add(socket)
    socket.on("error", () => undefined)
    return socket
  }

  async function first(): Promise<void> {
    const socket = await open()
    socket.once("close", () => {
      sockets.delete(socket)
      if (haveLeft) return
      closedAt.push(Date.now())
      // Who does not come back shows in `back`.
      void open().then(
        () => back++,
        () => undefined,
      )
    })
  }

  for (let opened = 0; opened < count; opened += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - opened) }, first))
  }
  return {
    closedAt,
    back: () => back,
    answering: async () => (await Promise.all([...sockets].map(answers))).filter(Boolean).length,
    leave() {
      haveLeft = true
      for (const socket of sockets) socket.terminate()
    },
  }
}

/** A ping is answered by the app itself. */
async function answers(socket: WebSocket): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return false
  const answered = once(socket, "pong", { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })
  socket.ping()
  return answered.then(
    () => true,
    () => false,
  )
}
