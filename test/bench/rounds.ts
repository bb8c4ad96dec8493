/** Runs a benchmark once and returns the elapsed milliseconds, without its setup. */
type Round = () => number | Promise<number>

/** The contenders of one benchmark, by name. */
export type Contenders = ReadonlyMap<string, Round>

/**
 * Runs each contender several times, in turns, so that other load on the machine affects all of them alike. The first
 * rounds warm up and do not count.
 *
 * @returns The results of each contender, by round.
 */
export async function byTurns<R>(
  contenders: ReadonlyMap<string, () => R | Promise<R>>,
  rounds: number,
  warmUpRounds = 1,
): Promise<Map<string, R[]>> {
  const results = new Map([...contenders.keys()].map((who): [string, R[]] => [who, []]))
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (const [who, run] of rotated([...contenders], round)) {
      // Collects the garbage of the previous contender, so that it does not count for this one.
      globalThis.gc?.()
      const result = await run()
      if (round >= warmUpRounds) results.get(who)?.push(result)
    }
  }
  return results
}

/** A figure of several rounds. Ratios of figures whose ranges overlap are noise. */
export interface Measured {
  /** The median. */
  readonly value: number
  readonly min: number
  readonly max: number
}

/** The figures of one measurement, by contender. */
export type Medians = ReadonlyMap<string, Measured>

/** Runs the contenders {@link byTurns} and returns the median time of each. */
export async function medianMs(contenders: Contenders, rounds: number, warmUpRounds?: number): Promise<Medians> {
  return mediansOf(await byTurns(contenders, rounds, warmUpRounds), (elapsedMs) => elapsedMs)
}

/** The median of one figure for each contender. */
export function mediansOf<R>(
  results: ReadonlyMap<string, readonly R[]>,
  figure: (result: R) => number,
): Map<string, Measured> {
  return new Map([...results].map(([who, all]) => [who, measuredOf(all.map(figure))]))
}

/** Summarizes the figure of each round. */
export function measuredOf(figures: readonly number[]): Measured {
  return { value: median(figures), min: Math.min(...figures), max: Math.max(...figures) }
}

/** Applies a monotonic function to the figure of each contender. */
export function scaled(medians: Medians, scale: (value: number) => number): Map<string, Measured> {
  return new Map(
    [...medians].map(([who, { value, min, max }]) => {
      const ends = [scale(min), scale(max)] as const
      return [who, { value: scale(value), min: Math.min(...ends), max: Math.max(...ends) }]
    }),
  )
}

/** The median. For an even count, the mean of the two middle numbers. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return (low + high) / 2
}

/** The value below which this fraction of the values is. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN
}

/** Rotates the list, so that a different contender starts each round. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const from = by % list.length
  return [...list.slice(from), ...list.slice(0, from)]
}
