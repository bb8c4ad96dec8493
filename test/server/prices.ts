import { seededRandom } from './random.ts'

/** A message of the demo feeds. */
export interface Tick {
  readonly n: number
  readonly price: number
}

/** Returns tick `n`. Its price looks like a market and depends only on `n`. */
export function tickAt(n: number): Tick {
  const noise = seededRandom(n)() - 0.5
  const price = 100 + 6 * Math.sin(n / 37) + 2.5 * Math.sin(n / 7.3) + 1.2 * noise
  return { n, price: Math.round(price * 100) / 100 }
}
