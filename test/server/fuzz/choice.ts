import { seededRandom } from '../random.ts'

/** Seeded choices, the same for the same seeds. */
export class Choice {
  readonly random: () => number

  constructor(...seeds: readonly number[]) {
    this.random = seededRandom(seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 1))
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  of<T>(all: readonly [T, ...T[]]): T {
    return all[this.below(all.length)] ?? all[0]
  }
}
