/** Shows a line to the pusher: git puts `remote: ` before it. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A reason to refuse a push, in words for the pusher. */
export class Refusal extends Error {}
