import { fromFetchStream, lines, type Wire } from 'rxwire'
import { liveQueryOptions, wireQueryOptions } from 'rxwire/query'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { WireSubject } from '../unit/support/wire-subject.ts'
import { createClient, observe } from './observe.ts'

const queryKey = ['chunks'] as const
const ALL = 100_000

const observers = [
  [
    'a finite query',
    (wire: Wire<string>) => observe(createClient(), wireQueryOptions({ queryKey, wire: () => wire, keep: ALL })),
  ],
  [
    'a live query',
    (wire: Wire<string>) => observe(createClient(), liveQueryOptions({ queryKey, wire: () => wire, keep: ALL })),
  ],
] as const

describe.each(observers)('%s', (_, observeWire) => {
  /** Counts the array items that are copied while the chunks arrive in one animation frame. */
  async function copiesFor(chunks: number): Promise<number> {
    const wire = new WireSubject<string>()
    const { now } = observeWire(wire)
    await expect.poll(() => wire.observed).toBe(true)
    const counter = countCopies()
    wire.messages(...Array.from({ length: chunks }, (_, n) => `chunk ${n}`))
    await expect.poll(() => now().data?.length).toBe(chunks)
    return counter.stop()
  }

  it('copies four times as many items for 32,000 chunks as for 8,000', async () => {
    const few = await copiesFor(8_000)
    const many = await copiesFor(32_000)
    expect(few).toBeGreaterThanOrEqual(8_000)
    expect(many / few).toBeCloseTo(4, 1)
  })
})

it('writes to the cache far less often than chunks arrive from a server', async () => {
  const server = backend()
  const chunks = observe(
    createClient(),
    wireQueryOptions({
      queryKey,
      wire: () => fromFetchStream(server.url('/stream/lines', { count: 32_000 }), { decode: lines() }),
      keep: ALL,
    }),
  )
  await expect.poll(() => chunks.now().status, { timeout: 50_000 }).toBe('success')
  expect(chunks.now().data).toHaveLength(32_000)
  expect(chunks.results.length).toBeLessThan(320)
})

/** Counts the items that `concat` and `slice` copy to new arrays, until it is stopped. */
function countCopies(): { stop(): number } {
  let copies = 0
  const { concat, slice } = Array.prototype
  Array.prototype.concat = function (this: unknown[], ...items: unknown[]): unknown[] {
    const joined = concat.apply(this, items)
    copies += joined.length
    return joined
  }
  Array.prototype.slice = function (this: unknown[], from?: number, to?: number): unknown[] {
    const part = slice.call(this, from, to)
    copies += part.length
    return part
  }
  return {
    stop: () => {
      Object.assign(Array.prototype, { concat, slice })
      return copies
    },
  }
}
