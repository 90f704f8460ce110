import { eq } from "drizzle-orm"
import type { Transaction } from "@/db/client"
import { type BuildPhase, buildOutput, builds } from "@/db/schema"

export type Build = typeof builds.$inferSelect
export interface OutputLine {
  at: Date
  text: string
}

/** How a build names the phase that begins: an escape sequence that terminals ignore (the builder's port). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the mark is made of control characters so that it cannot be printed by accident.
const PHASE_MARK = /\u001b\]phial;phase;([^\u0007]*)\u0007/

/** Takes the phase marks out of what a build printed. Pure. @returns the lines to keep, each with its phase, and the phases so far. */
function readPhases(lines: readonly OutputLine[], before: readonly BuildPhase[]) {
  const phases = before.map((phase) => ({ ...phase }))
  const kept: Array<OutputLine & { phase: string }> = []
  for (const { at, text } of lines) {
    const mark = PHASE_MARK.exec(text)
    if (mark) begin(phases, mark[1] ?? "", at)
    const rest = mark ? text.replace(PHASE_MARK, "") : text
    if (!mark || rest.trim() !== "") kept.push({ at, text: rest, phase: phases.at(-1)?.name ?? "" })
  }
  return { kept, phases }
}

function begin(phases: BuildPhase[], name: string, at: Date): void {
  endLast(phases, at)
  phases.push({ name, startedAt: at.toISOString(), endedAt: null })
}

export function endLast(phases: BuildPhase[], at: Date): BuildPhase[] {
  const last = phases.at(-1)
  if (last && !last.endedAt) last.endedAt = at.toISOString()
  return phases
}

/** Stores lines and how far we read in one transaction: a worker that dies in between neither loses nor doubles a line. */
export async function storeOutput(tx: Transaction, build: Build, lines: readonly OutputLine[], nextOffset: number): Promise<BuildPhase[]> {
  const { kept, phases } = readPhases(lines, build.phases)
  if (kept.length > 0) await tx.insert(buildOutput).values(kept.map((line) => ({ ...line, buildId: build.id, appId: build.appId })))
  await tx.update(builds).set({ outputOffset: nextOffset, phases }).where(eq(builds.id, build.id))
  return phases
}
