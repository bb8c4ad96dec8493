import type { Figure } from './work.ts'

/** The contender that all others are compared with. */
export const OURS = 'rxwire'

/** One measurement for each contender, with the ratio of rxwire's figure to the contender's. */
export function compare(what: string, unit: string, values: ReadonlyMap<string, number>): Figure[] {
  const ours = values.get(OURS)
  return [...values].map(([who, value]) => ({
    who,
    what,
    value,
    unit,
    // Only positive figures have a ratio.
    ...(ours !== undefined && Math.min(ours, value) > 0 && { ratio: ours / value }),
  }))
}

/** Converts the milliseconds that `count` operations took to operations per second. */
export function perSecond(count: number, elapsedMs: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...elapsedMs].map(([who, ms]) => [who, (count / ms) * 1_000]))
}

/** The ratio of rxwire's figure to a contender's. */
export function ratioTo(values: ReadonlyMap<string, number>, who: string): number {
  return (values.get(OURS) ?? Number.NaN) / (values.get(who) ?? Number.NaN)
}
