import type { EventSourceOptions } from 'rxwire'
import type { Tick } from '../../../test/server/prices.ts'
import type { addTick, Ledger } from '../price-panel.tsx'

/** Options of the feed, which all frameworks are given. The key is the same, so all of them share one connection. */
export interface FeedOptions extends EventSourceOptions<Tick> {
  readonly decode: (text: string) => Tick
  readonly key: string
  readonly lingerMs: number
  readonly initial: Ledger
  readonly fold: typeof addTick
}

/** Renders the feed with a framework. Returns the function that unmounts it. */
export type MountFeed = (container: Element, url: string, options: FeedOptions) => () => void

/** What a person reads of the data. */
export function figuresOf({ ticks, received, lost, twice }: Ledger): readonly (readonly [string, string])[] {
  return [
    ['Price', ticks.at(-1)?.price.toFixed(2) ?? '–'],
    ['Received', String(received)],
    ['Lost', String(lost)],
    ['Twice', String(twice)],
  ]
}
