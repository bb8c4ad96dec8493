import { type Wire, WireError, type WireSource, wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { virtualTime } from './support/virtual-time.ts'
import { WireSubject } from './support/wire-subject.ts'

virtualTime()

const FRAME_MS = 16

/** The current outcome of a promise. */
function outcome(promise: Promise<void>): { of: unknown } {
  const outcome: { of: unknown } = { of: 'pending' }
  promise.then(
    () => {
      outcome.of = 'loaded'
    },
    (error: unknown) => {
      outcome.of = error
    },
  )
  return outcome
}

const tick = (ms = FRAME_MS) => vi.advanceTimersByTimeAsync(ms)

describe('wireStore: load', () => {
  it('opens the connection and waits for the first message', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire, { keep: 3 })
    const loading = outcome(store.load())
    expect(wire.observed).toBe(true)
    wire.open()
    await tick()
    expect(store.isLoaded()).toBe(false)
    expect(loading.of).toBe('pending')
    wire.messages('a')
    await tick()
    expect(loading.of).toBe('loaded')
    expect(store.isLoaded()).toBe(true)
    expect(store.getSnapshot().data).toEqual(['a'])
  })

  it('shares the connection with listeners and resolves at once if there is data', async () => {
    const wires: WireSubject<string>[] = []
    const make = () => {
      wires.push(new WireSubject<string>())
      return wires.at(-1) as Wire<string>
    }
    const store = wireStore(make, { key: 'loads' })
    store.subscribe(() => {})
    const loadings = [outcome(store.load()), outcome(wireStore(make, { key: 'loads' }).load())]
    wires[0]?.messages('a')
    await tick()
    expect(loadings).toEqual([{ of: 'loaded' }, { of: 'loaded' }])
    const again = outcome(store.load())
    await tick(0)
    expect(again.of).toBe('loaded')
    expect(wires).toHaveLength(1)
  })

  it('keeps the connection for 5 s so that a listener can take it over', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    store.load()
    wire.messages('a')
    await tick(2_000)
    wire.messages('b')
    await tick(2_900)
    expect(wire.observed).toBe(true)
    const leave = store.subscribe(() => {})
    await tick(60_000)
    expect(wire.observed).toBe(true)
    leave()
    await tick(0)
    expect(wire.observed).toBe(false)
    store.load()
    expect(wire.observed).toBe(true)
    await tick(5_001)
    expect(wire.observed).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects if the wire fails or completes before the first message', async () => {
    const [failing, ending] = [new WireSubject<string>(), new WireSubject<string>()]
    const [failed, ended] = [outcome(wireStore(failing).load()), outcome(wireStore(ending).load())]
    const refusal = new WireError('http', 'no')
    failing.error(refusal)
    ending.complete()
    await tick()
    expect(failed.of).toBe(refusal)
    expect(ended.of).toMatchObject({ kind: 'closed', message: expect.stringContaining('first message') })
  })

  it('keeps waiting while the wire retries and rejects after timeoutMs', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const cause = new WireError('network', 'away', { retryable: true })
    const loading = outcome(store.load({ timeoutMs: 7_000 }))
    wire.next({ type: 'waiting', attempt: 1, delayMs: 60_000, cause })
    await tick(6_999)
    expect(loading.of).toBe('pending')
    await tick(1)
    expect(loading.of).toMatchObject({ kind: 'timeout', retryable: true, cause })
    expect(loading.of).toMatchObject({ message: expect.stringMatching(/7000 ms.*waiting/) })
    expect(outcome(store.load()).of).toBe('pending')
    await tick(32_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(wire.observed).toBe(false)
  })

  it('retries after a failure, but not before the failure could be shown', async () => {
    let attempts = 0
    const make = () => {
      attempts += 1
      const wire = new WireSubject<string>()
      queueMicrotask(() => wire.error(new WireError('http', 'no')))
      return wire
    }
    const load = () => outcome(wireStore(make, { key: 'again' }).load())
    const [first, second] = [load(), load()]
    await tick(900)
    expect(attempts).toBe(1)
    expect(first.of).toBe(second.of)
    await tick(200)
    load()
    await tick()
    expect(attempts).toBe(2)
  })

  it('retries after a failure of the same store, with and without listeners', async () => {
    for (const isShown of [false, true]) {
      const wires: WireSubject<string>[] = []
      const store = wireStore(() => {
        wires.push(new WireSubject<string>())
        return wires.at(-1) as Wire<string>
      })
      if (isShown) store.subscribe(() => {})
      const failed = outcome(store.load())
      wires[0]?.error(new WireError('http', 'no'))
      await tick(2_000)
      expect(failed.of).toMatchObject({ kind: 'http' })
      const again = outcome(store.load())
      await tick(100)
      expect(wires).toHaveLength(2)
      expect(again.of).toBe('pending')
      wires[1]?.messages('a')
      await tick()
      expect(again.of).toBe('loaded')
    }
  })

  it('does not keep a store that fails after it was loaded', async () => {
    const wire = new WireSubject<string>()
    const options = { key: 'failed soon', lingerMs: 60_000 }
    const store = wireStore(wire, options)
    store.load()
    const leave = store.subscribe(() => {})
    wire.messages('a')
    await tick()
    wire.error(new WireError('http', 'no'))
    await tick()
    expect(store.getSnapshot().connection).toBe('failed')
    leave()
    await tick(1_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(wireStore(new WireSubject<string>(), options).getSnapshot().connection).toBe('idle')
  })

  it('returns the same promise to all callers until the store reconnects', async () => {
    const wires: WireSubject<string>[] = []
    const store = wireStore(() => {
      wires.push(new WireSubject<string>())
      return wires.at(-1) as Wire<string>
    })
    const first = store.load()
    wires[0]?.messages('a')
    await tick(4_000)
    expect(store.load()).toBe(first)
    store.reconnect()
    const second = store.load()
    expect(second).not.toBe(first)
    await tick(2_000)
    expect(store.load()).toBe(second)
    expect(wires).toHaveLength(2)
  })

  it('has not loaded anything before it is called', () => {
    expect(wireStore(new WireSubject<string>()).isLoaded()).toBe(false)
  })

  it('throws a TypeError for an invalid timeoutMs', () => {
    expect(() => wireStore(new WireSubject<string>()).load({ timeoutMs: -1 })).toThrow(TypeError)
  })
})

describe('wireStore: dehydrate', () => {
  const foldings = [
    ['keep', { keep: 2 }, ['b', 'c'], ['c', 'd']],
    ['fold', { initial: '', fold: (all: string, each: string) => all + each }, 'abc', 'abcd'],
    ['the last message', {}, 'c', 'd'],
  ] as const

  it.each(foldings)('passes data and cursor to another store with %s', async (_, folding, handed, after) => {
    const options = folding as { keep: number }
    const first = new WireSubject<string>()
    const store = wireStore(first, options)
    store.load()
    for (const id of ['a', 'b', 'c']) first.next({ type: 'message', data: id, id })
    // The next frame has not published them yet, but data and cursor must match.
    const dehydrated = JSON.parse(JSON.stringify(store.dehydrate()))
    expect(dehydrated).toEqual({ data: handed, cursor: 'c' })

    const second = new WireSubject<string>()
    const cursors: unknown[] = []
    const source: WireSource<string> = ({ resumeFrom }) => {
      cursors.push(resumeFrom)
      return second
    }
    const hydrated = wireStore(source, { ...options, dehydrated })
    expect(hydrated.getServerSnapshot()).toMatchObject({ connection: 'idle', data: handed, cursor: 'c' })
    expect(hydrated.getSnapshot()).toBe(hydrated.getServerSnapshot())
    expect(hydrated.isLoaded()).toBe(true)
    expect(hydrated.dehydrate()).toEqual(dehydrated)
    hydrated.subscribe(() => {})
    expect(cursors).toEqual(['c'])
    second.messages('d')
    await tick()
    expect(hydrated.getSnapshot().data).toEqual(after)
  })

  it('keeps the dehydrated data object until a message arrives', async () => {
    const wire = new WireSubject<string>()
    const data = ['a', 'b']
    const store = wireStore(wire, { keep: 2, dehydrated: { data, cursor: undefined } })
    store.subscribe(() => {})
    wire.open()
    await tick()
    expect(store.getSnapshot()).toMatchObject({ connection: 'open' })
    expect(store.getSnapshot().data).toBe(data)
  })

  it('has the initial data and no cursor before the first message', () => {
    expect(wireStore(new WireSubject<string>(), { keep: 2 }).dehydrate()).toEqual({ data: [], cursor: undefined })
  })

  it('throws for a dehydrated cursor if the source is not a function', () => {
    const dehydrated = { data: undefined, cursor: '7' }
    expect(() => wireStore(new WireSubject<string>(), { dehydrated })).toThrow(/source must be a function/)
    expect(() => wireStore(new WireSubject<string>(), { dehydrated: { data: 'a', cursor: undefined } })).not.toThrow()
  })
})
