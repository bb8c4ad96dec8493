import { Subject, take, tap } from 'rxjs'
import { fromEventSource, nativeEngine, xhrEngine } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

describe('fromEventSource, in the middle of a chunk', () => {
  it('decodes nothing after the subscriber has left', async () => {
    const feed = net.log('/feed')
    const decode = vi.fn((text: string) => text)
    const seen = recordWire(fromEventSource('/feed', { decode }).pipe(take(3)))
    await net.advance()
    feed.write('data: a\n\ndata: b\n\ndata: c\n\n')
    await net.advance()
    expect(seen).toDeliver(['a'])
    expect(decode).toHaveBeenCalledOnce()
  })

  it('drops a replay after a reconnect that a message has caused', async () => {
    const feed = net.log('/feed')
    const reconnectNow = new Subject<void>()
    const wire = fromEventSource('/feed', { reconnect: { reconnectNow } })
    const seen = recordWire(wire.pipe(tap((event) => 'id' in event && event.id === '1' && reconnectNow.next())))
    await net.advance()
    feed.write('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
    feed.write('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')
    await net.advance()
    expect(seen).toDeliver(['a', 'b'])
  })

  it('reports a skipped event as progress, which is a sign of life', async () => {
    const feed = net.log('/feed')
    const seen = recordWire(fromEventSource('/feed', { decode: JSON.parse, onBadMessage: () => {} }))
    feed.send('{')
    await net.advance()
    expect(seen).toEmit(['connecting', 'open', 'progress'])
  })
})

describe('fromEventSource, with a server that replays the last event', () => {
  it.each([
    ['fetch', undefined],
    ['xhr', xhrEngine()],
    ['native', nativeEngine()],
  ] as const)('skips it although an event without an id followed it (%s)', async (_, engine) => {
    const feed = net.log('/feed')
    const seen = recordWire(fromEventSource('/feed', { engine }))
    await net.advance()
    feed.write('id: 1\ndata: a\n\ndata: b\n\n')
    await net.advance()
    feed.cut()
    await net.advance(5_000)
    feed.write('id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n')
    await net.advance()
    expect(seen).toDeliver(['a', 'b', 'b', 'c'])
  })
})
