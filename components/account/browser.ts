const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
]
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
]

/** "Firefox on Linux", from what the browser says of itself. */
export function browserInWords(userAgent: string | null): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1]
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1]
  if (!browser) return userAgent?.split(" ", 1)[0] || "Unknown browser"
  return system ? `${browser} on ${system}` : browser
}
