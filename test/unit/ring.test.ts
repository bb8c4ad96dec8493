import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from '../../src/accumulate.ts'

/** Measures all arrays while this runs: the number of copied items and the length of the longest array. */
function watchingArrays(run: () => void): { copied: number; longest: number } {
  const { slice, push } = Array.prototype
  let copied = 0
  let longest = 0
  Array.prototype.slice = function (...range) {
    const result = slice.apply(this, range)
    copied += result.length
    return result
  }
  Array.prototype.push = function (...items) {
    longest = Math.max(longest, push.apply(this, items))
    return this.length
  }
  try {
    run()
  } finally {
    Array.prototype.slice = slice
    Array.prototype.push = push
  }
  return { copied, longest }
}

describe('Ring', () => {
  it('is empty at first', () => {
    expect(Ring.of(3).toArray()).toEqual([])
  })

  it('keeps the last items, oldest first', () => {
    let ring = Ring.of<number>(3)
    for (let item = 1; item <= 20; item++) ring = ring.append(item)
    expect(ring.toArray()).toEqual([18, 19, 20])
  })

  it('returns a new array each time', () => {
    const ring = Ring.of<number>(3).append(1)
    ring.toArray().push(2)
    expect(ring.toArray()).toEqual([1])
  })

  it('stays unchanged by any sequence of appends', () => {
    // Each step appends to one of the existing rings, so the sequences branch.
    const steps = fc.array(fc.nat(), { maxLength: 200 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), steps, (capacity, choices) => {
        const known: { ring: Ring<number>; plain: number[] }[] = [{ ring: Ring.of(capacity), plain: [] }]
        for (const [item, choice] of choices.entries()) {
          // Mostly the newest ring, as in practice: otherwise sequences rarely grow past the capacity.
          const from = known[choice % 3 === 0 ? choice % known.length : known.length - 1]
          if (from === undefined) continue
          known.push({ ring: from.ring.append(item), plain: [...from.plain, item].slice(-capacity) })
        }
        for (const { ring, plain } of known) expect(ring.toArray()).toEqual(plain)
      }),
    )
  })

  it.each([1, 2, 10, 1_000])('copies two items per append and stores twice its capacity of %i at most', (capacity) => {
    const appends = 10_000
    let ring = Ring.of<number>(capacity)
    const { copied, longest } = watchingArrays(() => {
      for (let item = 0; item < appends; item++) ring = ring.append(item)
    })
    expect(copied).toBeLessThanOrEqual(appends * 2)
    expect(longest).toBeLessThanOrEqual(capacity * 2)
    expect(ring.toArray().at(-1)).toBe(appends - 1)
  })
})
