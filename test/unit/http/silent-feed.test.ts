import {
  fromEventSource,
  fromFetchStream,
  fromWebSocket,
  type HintHandler,
  lines,
  nativeEngine,
  setHintHandler,
  type Wire,
} from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

let heard = vi.fn<HintHandler>()

beforeEach(() => {
  heard = vi.fn()
  setHintHandler(heard)
})
afterEach(() => setHintHandler(undefined))

async function send(count: number, everyMs: number) {
  const feed = net.log('/feed')
  for (let n = 0; n < count; n += 1) {
    await net.advance(everyMs)
    feed.send(`tick ${n}`)
  }
}

const wires: readonly [name: string, open: () => Wire<unknown>][] = [
  ['fromEventSource', () => fromEventSource('/feed?token=secret')],
  ['the native engine', () => fromEventSource('/feed?token=secret', { engine: nativeEngine() })],
  ['fromWebSocket', () => fromWebSocket('/feed?token=secret')],
  [
    'fromFetchStream',
    () => fromFetchStream('/feed?token=secret', { headers: { accept: 'application/x-ndjson' }, decode: lines() }),
  ],
]

describe.each(wires)('the hint about a silent feed (%s)', (_, open) => {
  it('is given once, after many times the usual gap, without the query', async () => {
    const seen = recordWire(open())
    await send(20, 5_000)
    await net.advance(48_000)
    expect(heard).not.toHaveBeenCalled()
    await net.advance(600_000)
    const message = expect.stringMatching(
      /\/feed sent something at least every 5\.0 s and has been silent for 50\.\d s/,
    )
    expect(heard.mock.calls).toEqual([[{ topic: 'silent', message }]])
    expect(heard.mock.calls[0]?.[0].message).not.toContain('secret')
    seen.unsubscribe()
  })

  it.each([
    ['that has sent little', 9, 1_000, 600_000],
    ['within half a minute', 100, 100, 29_000],
  ])('is not given for a feed %s', async (_, count, everyMs, silenceMs) => {
    const seen = recordWire(open())
    await send(count, everyMs)
    await net.advance(silenceMs)
    expect(heard).not.toHaveBeenCalled()
    seen.unsubscribe()
  })

  it('is not given after the subscriber has left', async () => {
    const seen = recordWire(open())
    await send(20, 1_000)
    seen.unsubscribe()
    await net.advance(600_000)
    expect(heard).not.toHaveBeenCalled()
  })
})
