const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "0.8 s", "12 s", "3 min 5 s", "2 h 10 min", "4 d 3 h". */
export function durationInWords(ms: number): string {
  if (ms < 0) return "0 s"
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return two(ms, MINUTE, "min", SECOND, "s")
  if (ms < DAY) return two(ms, HOUR, "h", MINUTE, "min")
  return two(ms, DAY, "d", HOUR, "h")
}

function two(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % big) / small)
  return rest > 0 ? `${Math.floor(ms / big)} ${bigUnit} ${rest} ${smallUnit}` : `${Math.floor(ms / big)} ${bigUnit}`
}

/** "just now", "4 min ago", "yesterday", "in 3 d"; a date once it is older than a month. */
export function agoInWords(at: number, now: number): string {
  const age = now - at
  if (age < 0) return age > -10 * SECOND ? "just now" : `in ${rough(-age)}`
  if (age < 10 * SECOND) return "just now"
  if (age > 30 * DAY) return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })
  return `${rough(age)} ago`
}

function rough(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}
