import type { BuildPhase } from "@/db/schema"

export interface PhaseGroup {
  name: string
  startedAt: string | null
  endedAt: string | null
  /** Its lines are those from `from` up to, not with, `to`. */
  from: number
  to: number
}

/** Puts lines and phases together: in order, also phases that printed nothing and lines from before the first. Pure. */
export function groupsOf(lines: readonly { phase: string }[], phases: readonly BuildPhase[]): PhaseGroup[] {
  const groups: PhaseGroup[] = []
  let next = 0
  let at = 0
  while (at < lines.length) {
    const name = lines[at]?.phase ?? ""
    let end = at + 1
    while (lines[end]?.phase === name && end < lines.length) end++
    const found = phases.findIndex((phase, i) => i >= next && phase.name === name)
    if (found >= 0) {
      for (const silent of phases.slice(next, found)) groups.push({ ...silent, from: at, to: at })
      next = found + 1
    }
    const phase = phases[found]
    groups.push({ name, startedAt: phase?.startedAt ?? null, endedAt: phase?.endedAt ?? null, from: at, to: end })
    at = end
  }
  for (const silent of phases.slice(next)) groups.push({ ...silent, from: at, to: at })
  return groups
}

/** A row of the log: the head of a phase, or a line. */
export type Row = { group: number } | { line: number }

/** What is drawn: heads, and the lines of those that are open. Pure. */
export function rowsOf(groups: readonly PhaseGroup[], isOpen: (group: PhaseGroup, index: number) => boolean): Row[] {
  const rows: Row[] = []
  groups.forEach((group, index) => {
    rows.push({ group: index })
    if (isOpen(group, index)) for (let line = group.from; line < group.to; line++) rows.push({ line })
  })
  return rows
}
