import { connect } from "node:net"

const ANSWER_WITHIN_MS = 5_000
/** HAProxy reads a line of commands into one buffer of 16 KiB. */
const LINE_BYTES = 8_000

/**
 * Sends commands to HAProxy's admin or master socket.
 * @returns all that it answers. @throws when nothing listens or the answer does not end.
 */
export async function ask(socket: string, commands: readonly string[]): Promise<string> {
  let answer = ""
  for (const line of linesOf(commands)) answer += await askLine(socket, line)
  return answer
}

function linesOf(commands: readonly string[]): string[] {
  const lines: string[] = []
  for (const command of commands) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + command.length < LINE_BYTES) lines[lines.length - 1] = `${last}; ${command}`
    else lines.push(command)
  }
  return lines
}

/** The half-close after the line matters: on the way to an old worker, the answer never ends without it. */
function askLine(path: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ path, allowHalfOpen: true })
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error(`${path}: no answer`)))
    socket.on("connect", () => socket.end(`${line}\n`))
    socket.on("data", (chunk) => chunks.push(chunk))
    socket.on("end", () => resolve(Buffer.concat(chunks).toString()))
    socket.on("error", reject)
  })
}
