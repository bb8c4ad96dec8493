import type { Figure } from './work.ts'

/** Who all others are compared with. */
export const OURS = 'rxwire'

/** One thing as it was measured for each contender, with rxwire's figure over theirs. */
export function compare(what: string, unit: string, values: ReadonlyMap<string, number>): Figure[] {
  const ours = values.get(OURS)
  return [...values].map(([who, value]) => ({
    who,
    what,
    value,
    unit,
    // Of what is nothing, or less than that, there is no ratio.
    ...(ours !== undefined && Math.min(ours, value) > 0 && { ratio: ours / value }),
  }))
}

/** How often something is done in a second, from how many milliseconds so many of it took. */
export function perSecond(count: number, elapsedMs: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...elapsedMs].map(([who, ms]) => [who, (count / ms) * 1_000]))
}

/** rxwire's figure over a contender's. */
export function ratioTo(values: ReadonlyMap<string, number>, who: string): number {
  return (values.get(OURS) ?? Number.NaN) / (values.get(who) ?? Number.NaN)
}
