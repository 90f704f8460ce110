// A small app for the edge's tests: says who it is, answers slowly or only after /release when asked, echoes WebSocket messages.
// Usage: node upstream.mjs <name> <address> ; prints its port, then runs until it is killed.
import { createServer } from "node:http"
import { WebSocketServer } from "ws"

const [name, address] = process.argv.slice(2)

const held = []

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://upstream")
  const waitMs = Number(url.searchParams.get("waitMs") ?? 0)
  const body = JSON.stringify({ name, headers: request.headers, connection: request.socket.remotePort })
  request.resume()
  if (url.pathname === "/release") for (const end of held.splice(0)) end()
  // In two parts, so that the answer has begun.
  if (url.pathname === "/held") {
    response.write(" ")
    held.push(() => response.end(body))
  } else setTimeout(() => response.end(body), waitMs)
})
new WebSocketServer({ server }).on("connection", (socket) => socket.on("message", (data) => socket.send(`${name}: ${data}`)))
server.listen(0, address, () => process.stdout.write(`${server.address().port}\n`))
