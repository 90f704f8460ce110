/** "14:03:09.120" where the reader is: the server does not know where, hence only after the page is alive. */
export function clockTime(at: string): string {
  const date = new Date(at)
  return `${date.toLocaleTimeString("en-GB")}.${String(date.getMilliseconds()).padStart(3, "0")}`
}
