import type { PaletteGroup } from "./command-palette"

/** Of a group: more is for typing another letter. */
const SHOWN = 40

/** What has every word that was typed in its name, its other words or its heading; what begins with it comes first. */
export function matchingGroups(groups: PaletteGroup[], typed: string): PaletteGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return groups
    .map(({ heading, items }) => {
      const found = items.filter((item) => {
        const text = [item.label, ...(item.keywords ?? []), heading].join(" ").toLowerCase()
        return words.every((word) => text.includes(word))
      })
      const first = words[0]
      if (first) found.sort((a, b) => Number(beginsWith(b.label, first)) - Number(beginsWith(a.label, first)))
      return { heading, items: found.slice(0, SHOWN) }
    })
    .filter(({ items }) => items.length > 0)
}

const beginsWith = (label: string, word: string) => label.toLowerCase().startsWith(word)
