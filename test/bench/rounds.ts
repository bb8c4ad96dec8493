/** Does the whole work once and says how many milliseconds it took, its preparations left out. */
type Round = () => number | Promise<number>

/** Several contenders for one work, by name. */
export type Contenders = ReadonlyMap<string, Round>

/**
 * Lets each contender do the work several times, by turns, so that whatever else the machine does meets all of them
 * alike. The first rounds warm up and do not count.
 *
 * @returns The median of each.
 */
export async function medianMs(contenders: Contenders, rounds: number, warmUpRounds = 1): Promise<Map<string, number>> {
  const taken = new Map([...contenders.keys()].map((who): [string, number[]] => [who, []]))
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (const [who, run] of rotated([...contenders], round)) {
      // What one has left behind is not for the next to clear away.
      globalThis.gc?.()
      const elapsedMs = await run()
      if (round >= warmUpRounds) taken.get(who)?.push(elapsedMs)
    }
  }
  return new Map([...taken].map(([who, all]) => [who, median(all)]))
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
