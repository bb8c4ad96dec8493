import fc from 'fast-check'
import { type Progress, progress, WireError } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { START_MS, virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

function start() {
  const wire = new WireSubject<string>()
  const seen: (Progress & { readonly atMs: number })[] = []
  const subscription = wire.pipe(progress()).subscribe({
    next: (value) => seen.push({ ...value, atMs: Date.now() - START_MS }),
    error: () => {},
  })
  const load = (loaded: number, total?: number, direction: Progress['direction'] = 'download') =>
    wire.next({ type: 'progress', direction, loaded, ...(total !== undefined && { total }) })
  return { wire, seen, load, subscription, loaded: () => seen.map((each) => each.loaded) }
}

describe('progress', () => {
  it('emits the first value at once', () => {
    const { load, seen } = start()
    load(25, 100)
    expect(seen).toEqual([
      {
        direction: 'download',
        loaded: 25,
        total: 100,
        fraction: 0.25,
        bytesPerSecond: undefined,
        etaMs: undefined,
        stalled: false,
        atMs: 0,
      },
    ])
  })

  it.each([undefined, 0])('has no fraction for a total of %s', (total) => {
    const { load, seen } = start()
    load(25, total)
    expect(seen.map(({ fraction }) => fraction)).toEqual([undefined])
  })

  it('reports an empty transfer as complete', () => {
    const { load, seen } = start()
    load(0, 0, 'upload')
    expect(seen).toMatchObject([{ loaded: 0, total: 0, fraction: 1, stalled: false }])
    vi.advanceTimersByTime(10_000)
    expect(seen).toHaveLength(1)
  })

  it('emits at most ten values per second and always the last one', () => {
    const { load, seen, loaded } = start()
    for (let ms = 0; ms <= 2_000; ms++) {
      load(ms, 2_000)
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(100)
    const gaps = seen.slice(1).map((each, index) => each.atMs - (seen[index]?.atMs ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100)
    expect(seen.length).toBeGreaterThanOrEqual(20)
    expect(loaded().at(-1)).toBe(2_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('emits at most ten values per second even with messages in between', () => {
    const { wire, load, seen } = start()
    for (let ms = 0; ms < 1_000; ms++) {
      load(ms)
      wire.messages('a')
      vi.advanceTimersByTime(1)
    }
    expect(seen.length).toBeGreaterThanOrEqual(10)
    expect(seen.length).toBeLessThanOrEqual(11)
  })

  it.each(['complete', 'error'] as const)('emits the last value before %s', (how) => {
    const { wire, load, loaded } = start()
    load(1)
    load(2)
    wire[how](new WireError('network', 'lost'))
    expect(loaded()).toEqual([1, 2])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('emits the last value of an upload before the response starts', () => {
    const { wire, load, seen } = start()
    load(9, 10, 'upload')
    load(10, 10, 'upload')
    wire.next({ type: 'open', status: 200 })
    expect(seen.map(({ fraction }) => fraction)).toEqual([0.9, 1])
    load(1, 4)
    load(4, 4)
    vi.advanceTimersByTime(100)
    expect(seen.slice(2)).toMatchObject([{ direction: 'download', fraction: 1 }])
  })

  it('measures each direction separately and emits the last value of one before the other starts', () => {
    const { load, seen } = start()
    load(9, 10, 'upload')
    load(10, 10, 'upload')
    load(1, 10)
    vi.advanceTimersByTime(100)
    expect(seen.map(({ fraction }) => fraction)).toEqual([0.9, 1, 0.1])
  })

  it('never decreases the fraction, whatever the transfer reports', () => {
    const report = fc.record({
      loaded: fc.nat(120),
      total: fc.option(fc.nat(100), { nil: undefined }),
      ms: fc.nat(300),
    })
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        const { load, seen, subscription } = start()
        for (const { loaded, total, ms } of reports) {
          load(loaded, total)
          vi.advanceTimersByTime(ms)
        }
        vi.advanceTimersByTime(100)
        subscription.unsubscribe()
        const fractions = seen.flatMap(({ fraction }) => (fraction === undefined ? [] : [fraction]))
        expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
        for (const fraction of fractions) expect(fraction).toBeLessThanOrEqual(1)
        expect(seen.at(-1)?.loaded).toBe(reports.at(-1)?.loaded)
      }),
    )
  })

  it('starts over with a new attempt', () => {
    const { wire, load, seen } = start()
    load(90, 100)
    vi.advanceTimersByTime(100)
    wire.next({ type: 'connecting', attempt: 1 })
    load(10, 100)
    expect(seen.map(({ fraction }) => fraction)).toEqual([0.9, 0.1])
  })

  it('reports the rate and the remaining time after one second of data', () => {
    const { load, seen } = start()
    for (let step = 0; step <= 20; step++) {
      load(step * 1_000, 100_000)
      vi.advanceTimersByTime(100)
    }
    expect(seen[9]).toMatchObject({ bytesPerSecond: undefined, etaMs: undefined })
    expect(seen[10]?.bytesPerSecond).toBeCloseTo(10_000)
    expect(seen[20]?.etaMs).toBeCloseTo(8_000)
  })

  it('smooths a changing rate', () => {
    const { load, seen } = start()
    let loaded = 0
    for (const bytes of [...Array<number>(100).fill(1_000), ...Array<number>(20).fill(0)]) {
      loaded += bytes
      load(loaded)
      vi.advanceTimersByTime(100)
    }
    // The last two seconds brought no bytes and carry half of the weight.
    const before = seen[99]?.bytesPerSecond ?? 0
    const after = seen[119]?.bytesPerSecond ?? 0
    expect(before).toBeCloseTo(10_000)
    expect(after).toBeGreaterThan(4_000)
    expect(after).toBeLessThan(6_000)
  })

  it('reports a stall once and clears it when bytes arrive', () => {
    const { load, seen } = start()
    load(10, 100)
    vi.advanceTimersByTime(2_000)
    // An event without new bytes.
    load(10, 100)
    vi.advanceTimersByTime(999)
    expect(seen.map(({ stalled }) => stalled)).toEqual([false, false])
    vi.advanceTimersByTime(1)
    expect(seen.at(-1)).toMatchObject({ stalled: true })
    vi.advanceTimersByTime(10_000)
    expect(seen.at(-1)).toMatchObject({ loaded: 10, fraction: 0.1, stalled: true, etaMs: undefined })
    expect(seen).toHaveLength(3)
    load(20, 100)
    expect(seen.at(-1)).toMatchObject({ loaded: 20, stalled: false })
  })

  it('does not report a stall after a finished transfer or while it waits for the response', () => {
    const { wire, load, seen } = start()
    load(100, 100, 'upload')
    vi.advanceTimersByTime(10_000)
    load(50, 100)
    wire.next({ type: 'close', wasClean: true })
    vi.advanceTimersByTime(10_000)
    expect(seen.map(({ stalled }) => stalled)).toEqual([false, false])
  })

  it('clears its timer when the subscriber unsubscribes', () => {
    const { load, loaded, subscription } = start()
    load(1)
    load(2)
    subscription.unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
    expect(loaded()).toEqual([1])
  })
})
