import { type Measured, type Medians, scaled } from './rounds.ts'
import type { Figure } from './work.ts'

/** The contender that all others are compared with. */
export const OURS = 'rxwire'

/** One measurement for each contender, with the ratio of rxwire's figure to the contender's. */
export function compare(what: string, unit: string, values: ReadonlyMap<string, number | Measured>): Figure[] {
  const all = new Map([...values].map(([who, value]) => [who, asMeasured(value)]))
  const ours = all.get(OURS)
  return [...all].map(([who, { value, min, max }]) => ({
    who,
    what,
    value,
    unit,
    ...(max > min && value > 0 && { spread: (max - min) / 2 / value }),
    // Only positive figures have a ratio.
    ...(ours !== undefined && Math.min(ours.value, value) > 0 && { ratio: ours.value / value }),
    ...(ours !== undefined &&
      who !== OURS &&
      ours.value !== value &&
      ours.min <= max &&
      min <= ours.max && { isNoise: true }),
  }))
}

function asMeasured(value: number | Measured): Measured {
  return typeof value === 'number' ? { value, min: value, max: value } : value
}

/** Converts the milliseconds that `count` operations took to operations per second. */
export function perSecond(count: number, elapsedMs: Medians): Map<string, Measured> {
  return scaled(elapsedMs, (ms) => (count / ms) * 1_000)
}

/** The ratio of rxwire's figure to a contender's. */
export function ratioTo(values: Medians, who: string): number {
  return medianOf(values, OURS) / medianOf(values, who)
}

/** The median of one contender; NaN if it was not measured. */
export function medianOf(values: Medians, who: string): number {
  return values.get(who)?.value ?? Number.NaN
}
