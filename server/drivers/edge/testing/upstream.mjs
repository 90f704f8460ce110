// A small app for the edge's tests: says who it is, answers slowly when asked, echoes WebSocket messages.
// Usage: node upstream.mjs <name> <address> ; prints its port, then runs until it is killed.
import { createServer } from "node:http"
import { WebSocketServer } from "ws"

const [name, address] = process.argv.slice(2)

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://upstream")
  const waitMs = Number(url.searchParams.get("waitMs") ?? 0)
  const body = JSON.stringify({ name, headers: request.headers, connection: request.socket.remotePort })
  request.resume()
  // In two parts, so that a slow answer is one that has begun.
  if (url.pathname === "/slow") response.write(" ")
  setTimeout(() => response.end(body), waitMs)
})
new WebSocketServer({ server }).on("connection", (socket) => socket.on("message", (data) => socket.send(`${name}: ${data}`)))
server.listen(0, address, () => process.stdout.write(`${server.address().port}\n`))
