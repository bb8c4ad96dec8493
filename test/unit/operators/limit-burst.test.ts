import fc from 'fast-check'
import { type LimitBurstOptions, limitBurst, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

const FRAME_MS = 16

function start(options: LimitBurstOptions<string>) {
  const wire = new WireSubject<string>()
  const session = record(wire.pipe(limitBurst(options)))
  /** Sends messages within one frame and returns those that are emitted after it. */
  const frameOf = (...messages: string[]) => {
    const before = session.data().length
    wire.messages(...messages)
    expect(session.data()).toHaveLength(before)
    vi.advanceTimersByTime(FRAME_MS)
    return session.data().slice(before)
  }
  return { wire, session, frameOf }
}

/** The first letter of a message is its topic. */
const conflating = { overflow: 'conflate', conflateBy: (message: string) => message[0] } as const

/** Measures all Maps while this runs: the largest size, the reads from the front and the deletions. */
function watchingMaps(run: () => void): { largest: number; reads: number; deletions: number } {
  const { set, keys, delete: remove } = Map.prototype
  const seen = { largest: 0, reads: 0, deletions: 0 }
  Map.prototype.set = function (key, value) {
    set.call(this, key, value)
    seen.largest = Math.max(seen.largest, this.size)
    return this
  }
  Map.prototype.keys = function () {
    seen.reads += 1
    return keys.call(this)
  }
  Map.prototype.delete = function (key) {
    seen.deletions += 1
    return remove.call(this, key)
  }
  try {
    run()
  } finally {
    Object.assign(Map.prototype, { set, keys, delete: remove })
  }
  return seen
}

describe('limitBurst', () => {
  it('emits the messages of a frame with the next one if they do not exceed maxCount', () => {
    const { wire, frameOf } = start({ maxCount: 3, overflow: 'fail' })
    expect(frameOf('a', 'b', 'c')).toEqual(['a', 'b', 'c'])
    wire.messages('d')
    vi.advanceTimersByTime(FRAME_MS - 1)
    expect(frameOf('e')).toEqual(['d', 'e'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[LimitBurstOptions<string>['overflow'], string[]]>([
    ['drop-oldest', ['d', 'e']],
    ['drop-newest', ['a', 'b']],
  ])('applies %s to the messages of a frame that exceeds maxCount', (overflow, left) => {
    const { frameOf } = start({ maxCount: 2, overflow })
    expect(frameOf('a', 'b', 'c', 'd', 'e')).toEqual(left)
    expect(frameOf('f', 'g')).toEqual(['f', 'g'])
    expect(frameOf('h', 'i', 'j')).toHaveLength(2)
  })

  it('emits the last message of each topic under conflate, at the position of the first', () => {
    const { frameOf } = start({ maxCount: 3, ...conflating })
    expect(frameOf('a1', 'b1', 'a2', 'c1', 'b2', 'a3')).toEqual(['a3', 'b2', 'c1'])
    expect(frameOf('c2', 'a4')).toEqual(['c2', 'a4'])
  })

  it('drops the oldest topics under conflate if there are still too many', () => {
    const { frameOf } = start({ maxCount: 2, ...conflating })
    expect(frameOf('a1', 'b1', 'c1', 'b2')).toEqual(['b2', 'c1'])
  })

  it('emits the events unchanged, with id and name', () => {
    const { wire, session } = start({ maxCount: 1, ...conflating })
    wire.next({ type: 'message', data: 'a1', id: '1', name: 'one' })
    wire.next({ type: 'message', data: 'a2', id: '2', name: 'two' })
    vi.advanceTimersByTime(FRAME_MS)
    expect(session.events).toEqual([{ type: 'message', data: 'a2', id: '2', name: 'two' }])
  })

  it('treats equal messages as separate messages', () => {
    const { frameOf } = start({ maxCount: 2, overflow: 'drop-oldest' })
    expect(frameOf('a', 'a', 'a')).toEqual(['a', 'a'])
  })

  it('calls onDrop once per frame that dropped messages, with the total so far', () => {
    const onDrop = vi.fn()
    const { wire, frameOf, session } = start({ maxCount: 2, overflow: 'drop-oldest', onDrop })
    frameOf('a', 'b')
    expect(onDrop).not.toHaveBeenCalled()
    wire.messages('c', 'd', 'e', 'f', 'g')
    expect(onDrop).not.toHaveBeenCalled()
    vi.advanceTimersByTime(FRAME_MS)
    expect(onDrop.mock.calls).toEqual([[3]])
    expect(session.data()).toEqual(['a', 'b', 'f', 'g'])
    frameOf('h')
    frameOf('i', 'j', 'k')
    expect(onDrop.mock.calls).toEqual([[3], [4]])
  })

  it.each<[Omit<LimitBurstOptions<string>, 'maxCount'>, number]>([
    [{ overflow: 'drop-newest' }, 4],
    [conflating, 4],
  ])('counts the dropped messages under %o', (options, dropped) => {
    const onDrop = vi.fn()
    const { frameOf } = start({ maxCount: 2, ...options, onDrop })
    frameOf('a1', 'b1', 'a2', 'c1', 'd1', 'c2')
    expect(onDrop.mock.calls).toEqual([[dropped]])
  })

  it('counts per subscription', () => {
    const onDrop = vi.fn()
    const wire = new WireSubject<string>()
    const limited = wire.pipe(limitBurst({ maxCount: 1, overflow: 'drop-oldest', onDrop }))
    record(limited)
    wire.messages('a', 'b')
    vi.advanceTimersByTime(FRAME_MS)
    record(limited)
    wire.messages('c', 'd')
    vi.advanceTimersByTime(FRAME_MS)
    expect(onDrop.mock.calls).toEqual([[1], [2], [1]])
  })

  it.each(['drop-oldest', 'drop-newest'] as const)(
    'drops exactly the messages over maxCount under %s, for any burst',
    (overflow) => {
      const burst = fc.array(fc.nat(), { maxLength: 100 })
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 9 }), fc.array(burst, { maxLength: 5 }), (maxCount, bursts) => {
          const told: number[] = []
          const { frameOf } = start({ maxCount, overflow, onDrop: (dropped) => told.push(dropped) })
          let dropped = 0
          for (const each of bursts) {
            const messages = each.map(String)
            const kept = overflow === 'drop-oldest' ? messages.slice(-maxCount) : messages.slice(0, maxCount)
            expect(frameOf(...messages)).toEqual(kept)
            dropped += messages.length - kept.length
          }
          expect(told.at(-1) ?? 0).toBe(dropped)
        }),
      )
    },
  )

  it('emits the last message of each topic under conflate and counts the rest as dropped, for any burst', () => {
    const burst = fc.array(fc.record({ topic: fc.constantFrom(...'abcdef'), price: fc.nat(9) }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), burst, (maxCount, prices) => {
        const told: number[] = []
        const { frameOf } = start({ maxCount, ...conflating, onDrop: (dropped) => told.push(dropped) })
        const messages = prices.map(({ topic, price }, at) => `${topic}${price} ${at}`)
        const kept = frameOf(...messages)
        const lastOf = new Map(messages.map((message) => [message[0], message]))
        expect(kept).toHaveLength(Math.min(maxCount, lastOf.size))
        for (const each of kept) expect(lastOf.get(each[0])).toBe(each)
        expect(told.at(-1) ?? 0).toBe(messages.length - kept.length)
        // With room for every topic, a message takes the position of the first one of its topic.
        if (maxCount >= lastOf.size) expect(kept).toEqual([...lastOf.values()])
      }),
    )
  })

  it('fails the wire under "fail" with an error that names the limit', () => {
    const { wire, session } = start({ maxCount: 2, overflow: 'fail' })
    wire.messages('a', 'b')
    vi.advanceTimersByTime(FRAME_MS)
    wire.messages('c', 'd', 'e', 'f')
    expect(session.end).toMatchObject({ kind: 'overflow', retryable: false, message: expect.stringContaining('2') })
    expect(session.data()).toEqual(['a', 'b'])
    expect(wire.observed).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('keeps the order of messages and other events', () => {
    const onDrop = vi.fn()
    const { wire, session } = start({ maxCount: 1, overflow: 'drop-oldest', onDrop })
    wire.open()
    wire.messages('a', 'b')
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    expect(onDrop.mock.calls).toEqual([[1]])
    wire.messages('c')
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    expect(session.types()).toEqual(['connecting', 'open', 'message', 'progress', 'message', 'waiting'])
    expect(session.data()).toEqual(['b', 'c'])
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(FRAME_MS)
    expect(session.types()).toHaveLength(6)
  })

  it('starts a new frame after another event', () => {
    const { wire, session } = start({ maxCount: 1, overflow: 'drop-oldest' })
    wire.messages('a')
    vi.advanceTimersByTime(FRAME_MS - 1)
    wire.open()
    wire.messages('b')
    vi.advanceTimersByTime(FRAME_MS - 1)
    expect(session.data()).toEqual(['a'])
    vi.advanceTimersByTime(1)
    expect(session.data()).toEqual(['a', 'b'])
  })

  it.each(['complete', 'error'] as const)('emits the held messages before %s and reports the drops', (how) => {
    const onDrop = vi.fn()
    const { wire, session } = start({ maxCount: 2, overflow: 'drop-oldest', onDrop })
    wire.messages('a', 'b', 'c')
    wire[how](new WireError('http', 'refused'))
    expect(session.data()).toEqual(['b', 'c'])
    expect(session.end).toBeDefined()
    expect(onDrop.mock.calls).toEqual([[1]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('clears its timer and emits nothing after the subscriber unsubscribes', () => {
    const onDrop = vi.fn()
    const { wire, session } = start({ maxCount: 1, overflow: 'drop-oldest', onDrop })
    wire.messages('a', 'b', 'c')
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(FRAME_MS)
    expect(session.events).toEqual([])
    expect(onDrop).not.toHaveBeenCalled()
  })

  it('moves messages that arrive during an emission to the next frame', () => {
    const wire = new WireSubject<string>()
    const session = record(wire.pipe(limitBurst({ maxCount: 2, overflow: 'drop-oldest' })), (event) => {
      if (event.type === 'message' && event.data === 'a') wire.messages('c')
    })
    wire.messages('a', 'b')
    vi.advanceTimersByTime(FRAME_MS)
    expect(session.data()).toEqual(['a', 'b'])
    vi.advanceTimersByTime(FRAME_MS)
    expect(session.data()).toEqual(['a', 'b', 'c'])
  })

  it('fails the wire with a WireError whose cause is what conflateBy throws', () => {
    const bug = new RangeError('a bug of mine')
    const wire = new WireSubject<string>()
    const seen: unknown[] = []
    const throwing = () => {
      throw bug
    }
    wire
      .pipe(limitBurst({ maxCount: 1, overflow: 'conflate', conflateBy: throwing }))
      .subscribe({ error: (error) => seen.push(error) })
    wire.messages('a')
    expect(seen).toMatchObject([{ kind: 'network', cause: bug }])
  })

  it('fails the wire, not the animation frame, with a WireError whose cause is what onDrop throws', () => {
    const bug = new RangeError('a bug of mine')
    const wire = new WireSubject<string>()
    const seen: unknown[] = []
    const throwing = () => {
      throw bug
    }
    wire
      .pipe(limitBurst({ maxCount: 1, overflow: 'drop-oldest', onDrop: throwing }))
      .subscribe({ error: (error) => seen.push(error) })
    wire.messages('a', 'b')
    expect(() => vi.advanceTimersByTime(FRAME_MS)).not.toThrow()
    expect(seen).toMatchObject([{ kind: 'network', cause: bug }])
  })

  it.each<[string, Omit<LimitBurstOptions<string>, 'maxCount'>]>([
    ['drop-oldest', { overflow: 'drop-oldest' }],
    ['drop-newest', { overflow: 'drop-newest' }],
    ['conflate', { overflow: 'conflate', conflateBy: (message) => message }],
  ])('bounds its memory and its work per message under %s', (_, options) => {
    const [messages, maxCount] = [100_000, 1_000]
    const wire = new WireSubject<string>()
    const kept: WireEvent<string>[] = []
    const onDrop = vi.fn()
    const subscription = wire.pipe(limitBurst({ maxCount, ...options, onDrop })).subscribe((event) => kept.push(event))
    const { largest, reads, deletions } = watchingMaps(() => {
      for (let at = 0; at < messages; at++) wire.next({ type: 'message', data: `${at}` })
    })
    // Reading the first key of a Map walks past all deleted entries, so it must stay rare.
    expect(reads).toBeLessThanOrEqual(messages / maxCount)
    expect(deletions).toBeLessThanOrEqual(messages)
    expect(largest).toBeLessThanOrEqual(2 * maxCount)
    vi.advanceTimersByTime(FRAME_MS)
    expect(kept).toHaveLength(maxCount)
    expect(onDrop.mock.calls).toEqual([[messages - maxCount]])
    subscription.unsubscribe()
  })

  it.each<[string, Partial<LimitBurstOptions<string>>]>([
    ['maxCount is required', { overflow: 'drop-oldest' }],
    ['maxCount must be', { maxCount: 0, overflow: 'drop-oldest' }],
    ['maxCount must be', { maxCount: Number.NaN, overflow: 'drop-oldest' }],
    ['overflow must be', { maxCount: 1, overflow: 'reject' as 'fail' }],
    ['overflow is required', { maxCount: 1 }],
    ['conflateBy must be', { maxCount: 1, overflow: 'conflate', conflateBy: 'a' as unknown as () => string }],
    ["overflow 'conflate' and conflateBy must be given together", { maxCount: 1, overflow: 'conflate' }],
    [
      "overflow 'conflate' and conflateBy must be given together",
      { maxCount: 1, overflow: 'fail', conflateBy: () => 1 },
    ],
    ['onDrop must be', { maxCount: 1, overflow: 'fail', onDrop: 1 as unknown as () => void }],
  ])('throws "%s" at the call for %o', (complaint, options) => {
    expect(() => limitBurst(options as LimitBurstOptions<string>)).toThrow(TypeError)
    expect(() => limitBurst(options as LimitBurstOptions<string>)).toThrow(`limitBurst: ${complaint}`)
  })
})
