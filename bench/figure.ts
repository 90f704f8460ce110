export interface Figure {
  what: string
  ours: string
  theirs: string
  /** Ours over theirs; `null` where there is nothing to compare with. */
  ratio: number | null
  aim: string
}
