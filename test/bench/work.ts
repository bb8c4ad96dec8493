/** One figure of one contender in one work, as measured. */
export interface Figure {
  /** Who: `rxwire`, or the package with its version, e.g. `eventsource 5.1.5`. */
  readonly who: string
  /** What is measured, e.g. 'events', 'commits', 'peak buffered'. */
  readonly what: string
  readonly value: number
  /** '/s', 'ms', 'B', or '' for a count. */
  readonly unit: string
  /** rxwire's figure over this contender's; 1 for rxwire itself, absent where there is nothing to compare. */
  readonly ratio?: number
}

/** What was hoped for, and whether it was seen. */
export interface Target {
  readonly text: string
  readonly isMet: boolean
}

/** What a file of `works/` measures: its function `measure` promises one. */
export interface Work {
  readonly title: string
  readonly figures: readonly Figure[]
  readonly targets: readonly Target[]
  readonly notes?: readonly string[]
}
