/** Does the whole work once and says how many milliseconds it took, its preparations left out. */
type Round = () => number | Promise<number>

/** Several contenders for one work, by name. */
export type Contenders = ReadonlyMap<string, Round>

/**
 * Lets each contender do the work several times, by turns, so that whatever else the machine does meets all of them
 * alike. The first rounds warm up and do not count.
 *
 * @returns What each has returned, round by round.
 */
export async function byTurns<R>(
  contenders: ReadonlyMap<string, () => R | Promise<R>>,
  rounds: number,
  warmUpRounds = 1,
): Promise<Map<string, R[]>> {
  const results = new Map([...contenders.keys()].map((who): [string, R[]] => [who, []]))
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (const [who, run] of rotated([...contenders], round)) {
      // What one has left behind is not for the next to clear away.
      globalThis.gc?.()
      const result = await run()
      if (round >= warmUpRounds) results.get(who)?.push(result)
    }
  }
  return results
}

/** The median of how long each takes, {@link byTurns}. */
export async function medianMs(
  contenders: Contenders,
  rounds: number,
  warmUpRounds?: number,
): Promise<Map<string, number>> {
  return mediansOf(await byTurns(contenders, rounds, warmUpRounds), (elapsedMs) => elapsedMs)
}

/** The median of one figure of what each has returned. */
export function mediansOf<R>(
  results: ReadonlyMap<string, readonly R[]>,
  figure: (result: R) => number,
): Map<string, number> {
  return new Map([...results].map(([who, all]) => [who, median(all.map(figure))]))
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return (low + high) / 2
}

/** Nobody is always the first. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const from = by % list.length
  return [...list.slice(from), ...list.slice(0, from)]
}
