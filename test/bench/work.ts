/** One measured figure of one contender in one benchmark. */
export interface Figure {
  /** The contender: `rxwire`, or a package with its version, e.g. `eventsource 5.1.5`. */
  readonly who: string
  /** What is measured, e.g. 'events', 'commits', 'peak buffered'. */
  readonly what: string
  readonly value: number
  /** '/s', 'ms', 'B', or '' for a count. */
  readonly unit: string
  /** rxwire's figure divided by this contender's. 1 for rxwire itself, absent if there is nothing to compare. */
  readonly ratio?: number
  /** Half of the range of all rounds, divided by the median. Absent for a figure that was measured once. */
  readonly spread?: number
  /** The range overlaps with the range of rxwire, so the ratio says nothing. */
  readonly isNoise?: boolean
}

/** A target, and whether it was met. */
export interface Target {
  readonly text: string
  readonly isMet: boolean
}

/** The result of a benchmark. The function `measure` of each file in `works/` resolves with one. */
export interface Work {
  readonly title: string
  readonly figures: readonly Figure[]
  readonly targets: readonly Target[]
  readonly notes?: readonly string[]
}
