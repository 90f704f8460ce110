// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves a terminal's cursor begins with the escape character.
export const NOT_COLOUR = /\u001b\[[0-9;?]*[A-Za-ln-z]|\u001b\][^\u0007]*(?:\u0007|\u001b\\)|[\r\u0007]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const COLOUR = /\u001b\[[0-9;]*m/g

/** Without colours: for searching and for files. Apart from `ansi.ts`, which brings a library. Pure. */
export function plainText(text: string): string {
  return text.includes("\u001b") || text.includes("\r") ? text.replace(COLOUR, "").replace(NOT_COLOUR, "") : text
}
