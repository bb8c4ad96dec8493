import { Subject } from 'rxjs'
import { fromDurableStream } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { asked, control, data, events, nothing, page, serveStream, staysOpen } from '../../support/durable-stream.ts'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()

/** The data and the ids of all messages. */
const delivered = (record: { readonly events: readonly { readonly type: string }[] }) =>
  record.events.flatMap((event) =>
    event.type === 'message' && 'data' in event ? [['id' in event ? event.id : undefined, event.data]] : [],
  )

describe('a batch of a durable stream', () => {
  it('has its offset as the id of its last message only, in a page, an event stream and a long poll', async () => {
    serveStream(net, {
      page: () => page(['a', 'b'], '2'),
      sse: (_, context) => staysOpen(data('["c","d"]') + control('4'), context),
      poll: (offset) => (offset === '2' ? page(['c', 'd'], '4') : undefined),
    })
    const expected = [
      [undefined, 'a'],
      ['2', 'b'],
      [undefined, 'c'],
      ['4', 'd'],
    ]
    for (const live of ['sse', 'long-poll'] as const) {
      const seen = recordWire(fromDurableStream('/stream', { live }))
      await net.advance(1_000)
      expect(delivered(seen)).toEqual(expected)
    }
  })

  it('is discarded if its control event is missing, and is asked for again', async () => {
    const route = serveStream(net, {
      sse: (_, context, nth) =>
        nth === 0
          ? events(`${data('["a"]')}${control('1')}${data('["b"]')}`)
          : staysOpen(data('["b","c"]') + control('3'), context),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(10_000)
    expect(seen).toDeliver(['a', 'b', 'c'])
    expect(asked(route)).toEqual(['-1', 'sse 0', 'sse 1'])
  })

  it('is discarded if the connection is cut before its control event', async () => {
    const route = serveStream(net, {
      sse: (_, context, nth) =>
        staysOpen(
          nth === 0 ? `${data('["a"]')}${control('1')}${data('["b"]')}event: control\ndata: {"str` : '',
          context,
        ),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    route.cut()
    await net.advance(10_000)
    expect(seen).toDeliver(['a'])
    expect(asked(route).slice(0, 3)).toEqual(['-1', 'sse 0', 'sse 1'])
  })

  it('may consist of several data events, and none', async () => {
    serveStream(net, {
      sse: (_, context) => staysOpen(data('["a"]') + data('["b"]') + control('2') + control('2'), context),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(delivered(seen)).toEqual([
      [undefined, 'a'],
      ['2', 'b'],
    ])
  })

  it.each([
    ['not JSON'],
    ['null'],
    ['{}'],
    ...['-1', 'now', '', 7, null, 'a\u0000'].map((offset) => [control(offset)]),
  ])('waits for the next control event if one has no offset: %j', async (bad) => {
    const broken = bad.startsWith('event') ? bad : `event: control\ndata: ${bad}\n\n`
    serveStream(net, { sse: (_, context) => staysOpen(data('["a"]') + broken + data('["b"]') + control('2'), context) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(delivered(seen)).toEqual([
      [undefined, 'a'],
      ['2', 'b'],
    ])
  })

  it('does not include what an earlier one has delivered, nor counts its size', async () => {
    const batch = (offset: number) => data('["1234567890"]') + control(`${offset}`)
    serveStream(net, { sse: (_, context) => staysOpen(batch(1) + batch(2) + batch(3), context) })
    const seen = recordWire(fromDurableStream('/stream', { maxBytes: 40 }))
    await net.advance(1_000)
    expect(seen).toDeliver(Array(3).fill('1234567890'))
  })

  it('does not include events of other names', async () => {
    const text = `data: ["x"]\n\nevent: other\ndata: ["y"]\n\n${data('["a"]')}${control('1')}`
    serveStream(net, { sse: (_, context) => staysOpen(text, context) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(seen).toDeliver(['a'])
  })

  it('was delivered before if the offset does not move', async () => {
    const route = serveStream(net, { page: () => page(['a'], '1'), poll: () => page(['a'], '1') })
    const seen = recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance(30_000)
    expect(seen).toDeliver(['a'])
    expect(route.requests.length).toBeLessThan(12)
  })

  it('is continued by the next attempt if the subscriber reconnects during it', async () => {
    const reconnectNow = new Subject<void>()
    const route = serveStream(net, { page: () => page(['a', 'b', 'c'], '3') })
    const seen = recordWire(fromDurableStream('/stream', { reconnect: { reconnectNow } }), (event) => {
      if (event.type === 'message' && event.data === 'a') reconnectNow.next()
    })
    await net.advance(1_000)
    expect(seen).toDeliver(['a', 'b', 'c'])
    expect(asked(route)).toEqual(['-1', '3', 'sse 3'])
  })

  it('without messages moves the resume point', async () => {
    const route = serveStream(net, { page: () => page([], '5'), sse: () => events(control('6')) })
    recordWire(fromDurableStream('/stream'))
    await net.advance(200)
    expect(asked(route).slice(0, 3)).toEqual(['-1', 'sse 5', 'sse 6'])
  })
})

describe('the messages of a durable stream', () => {
  it('are the elements of the arrays of a JSON stream, one level deep', async () => {
    serveStream(net, {
      page: () => page([1, [2, 3], null], '3'),
      sse: (_, context) => staysOpen(data('[', '{"k":"v"},', '[[4]]', ']') + data('5') + control('6'), context),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(seen).toDeliver([1, [2, 3], null, { k: 'v' }, [[4]], 5])
  })

  it('are the parts of a text stream', async () => {
    const type = { 'content-type': 'text/plain; charset=utf-8' }
    serveStream(net, {
      page: () => page('grüß', '1', { ...type, 'stream-up-to-date': 'true' }),
      sse: (_, context) => staysOpen(data(' dich', '') + data('') + control('2'), context),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(seen).toDeliver(['grüß', ' dich\n'])
  })

  it.each([
    ['with its header', { 'stream-sse-data-encoding': 'base64' }],
    ['with a header that is hidden from the origin', {}],
  ])('are the bytes of any other stream, which an event stream sends as base64, %s', async (_, headers) => {
    const type = { 'content-type': 'application/octet-stream' }
    serveStream(net, {
      page: () => page('\u0001\u0002', '2', { ...type, 'stream-up-to-date': 'true' }),
      sse: (offset, context) =>
        offset === '2' ? events(data('AwQF', 'Bg==') + control('6'), headers) : staysOpen('', context),
    })
    const seen = recordWire(fromDurableStream('/stream', { decode: (bytes) => bytes as Uint8Array }))
    await net.advance(1_000)
    expect(seen.data.map((bytes) => [...bytes])).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ])
  })

  it.each([
    ['a page that is not JSON', 'application/json', '["a"'],
    ['base64 that is none', 'application/octet-stream', '%%%'],
  ])('do not include %s, which is a bad message', async (_, type, text) => {
    serveStream(net, {
      page: () => page('', '0', { 'content-type': type, 'stream-up-to-date': 'true' }),
      sse: (_, context) => staysOpen(data(text) + control('1'), context),
    })
    const onBadMessage = vi.fn()
    const seen = recordWire(fromDurableStream('/stream', { onBadMessage }))
    await net.advance(1_000)
    expect(seen).toDeliver([])
    expect(onBadMessage).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ kind: 'decode', messageId: '1' }), 1)
  })

  it('are decoded one by one, and a bad one is passed over', async () => {
    const route = serveStream(net, { page: () => page([1, 'two', 3, 'four'], '4') })
    const decode = (input: unknown) => {
      if (typeof input !== 'number') throw new TypeError('not a number')
      return input * 10
    }
    const skipping = recordWire(fromDurableStream('/stream', { decode }))
    await net.advance(1_000)
    expect(skipping).toDeliver([10, 30])
    expect(asked(route)).toEqual(['-1', 'sse 4'])
  })

  it('end the wire at a bad one if the policy says so, with the offset that passes over it', async () => {
    serveStream(net, { page: () => page([1, 'two'], '2') })
    const decode = (input: unknown) => {
      if (typeof input !== 'number') throw new TypeError('not a number')
      return input
    }
    const seen = recordWire(fromDurableStream('/stream', { decode, onBadMessage: 'fail' }))
    await net.advance(1_000)
    expect(seen).toDeliver([])
    expect(seen).toFailWith({ kind: 'decode', messageId: '2', retryable: false })
    serveStream(net, { page: () => page(['one', 2], '2') })
    const early = recordWire(fromDurableStream('/stream', { decode, onBadMessage: 'fail' }))
    await net.advance(1_000)
    expect(early).toFailWith({ kind: 'decode', messageId: undefined })
  })

  it('end the wire where endsWhen matches, and fail it where failsWhen does', async () => {
    serveStream(net, {
      page: () => page(['a', 'b', 'c'], '3'),
      poll: () => nothing('3'),
    })
    const ended = recordWire(fromDurableStream('/stream', { endsWhen: (text) => text === 'b' }))
    const failed = recordWire(
      fromDurableStream('/stream', { failsWhen: (text, { id }) => (id === '3' ? `${text} is bad` : undefined) }),
    )
    await net.advance(1_000)
    expect(ended).toDeliver(['a', 'b'])
    expect(ended.isComplete).toBe(true)
    expect(failed).toDeliver(['a', 'b'])
    expect(failed).toFailWith({ kind: 'closed', messageId: '3', message: expect.stringContaining('c is bad') })
    expect(net.open).toBe(0)
  })

  it.each([
    ['a page', { page: () => page(['x'.repeat(100)], '1') }],
    ['the data before a control event', { sse: () => events(data('"1234567890"').repeat(10)) }],
    ['one event', { sse: () => events(data(`"${'x'.repeat(100)}"`)) }],
  ])('fail the wire if %s is too large', async (_, script) => {
    serveStream(net, script)
    const seen = recordWire(fromDurableStream('/stream', { maxBytes: 50 }))
    await net.advance(1_000)
    expect(seen).toFailWith({ kind: 'overflow', message: expect.stringContaining('maxBytes') })
  })
})
