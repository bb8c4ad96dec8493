import { expect } from 'vitest'
import { type Counts, type FuzzConsumer, NO_EVENTS } from './consumer.ts'
import { strayErrors } from './stray-errors.ts'
import type { FuzzTransport } from './subscriptions.ts'

/** Expects that nothing went wrong, and counts what has happened, to prove that the run tested something. */
export class Tally {
  readonly #seed: number
  readonly #counts: ReadonlyMap<string, Counts>
  readonly #strayErrors = strayErrors()

  constructor(transports: readonly FuzzTransport[], seed: number) {
    this.#seed = seed
    this.#counts = new Map(transports.map(({ name }) => [name, { ...NO_EVENTS }]))
  }

  add(consumers: readonly FuzzConsumer[]): void {
    const failed = consumers.filter(({ problems }) => problems.length > 0)
    expect(failed.map(String).join('\n\n'), `CHAOS_SEED=${this.#seed}`).toBe('')
    const range = `${consumers[0]?.number} to ${consumers.at(-1)?.number}`
    expect(this.#strayErrors, `CHAOS_SEED=${this.#seed}, errors of the subscriptions ${range}`).toEqual([])
    for (const { transport, counts } of consumers) {
      const sums = this.#counts.get(transport.name)
      if (sums !== undefined) add(sums, counts)
    }
  }

  /** Expects that each transport, or all of a small run together, has opened, delivered and failed. */
  expectVariety(): void {
    const all = [...this.#counts.entries()]
    const isSmall = all.some(([, { connecting }]) => connecting < 1_000)
    const sums = isSmall ? [['all', sumOf(all.map(([, counts]) => counts))] as const] : all
    for (const [name, { open, message, close, error }] of sums) {
      expect(Math.min(open, message + close, error), `the rarest event of ${name}`).toBeGreaterThan(0)
    }
  }
}

function add(sums: Counts, counts: Counts): Counts {
  for (const type of Object.keys(counts) as (keyof Counts)[]) sums[type] += counts[type]
  return sums
}

function sumOf(counts: readonly Counts[]): Counts {
  return counts.reduce(add, { ...NO_EVENTS })
}
