import {
  createOutbox,
  decode,
  fromDurableStream,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromWebSocket,
  fromXhr,
  json,
  ndjson,
  sse,
  type Wire,
} from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { page, serveStream } from '../support/durable-stream.ts'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()
const codec = json<unknown>()
const later = json(z.number().transform(async (n) => n + 1))
const once = { endsWhen: () => true, everyMs: 1_000 }

/** Serves a body, and returns its address. */
function body(text: string, contentType = 'application/json'): string {
  net.route('GET', '/body', () => new Response(text, { headers: { 'content-type': contentType } }))
  return '/body'
}

const events = (text: string) => body(`data: ${text}\n\n`, 'text/event-stream')

function socket(frame: string | Uint8Array): string {
  net.socket('/socket', (server) => server.send(frame))
  return '/socket'
}

/** For each place of the option, the wire that receives a JSON text. */
const places: [string, (text: string, decoder: typeof codec) => Wire<unknown>][] = [
  ['fromEventSource', (text, decode) => fromEventSource(events(text), { decode })],
  ['events of fromEventSource', (text, decode) => fromEventSource(events(text), { events: { message: decode } })],
  ['sse()', (text, decode) => fromFetchStream(events(text), { decode: sse({ decode }) })],
  ['ndjson()', (text, decode) => fromFetchStream(body(`${text}\n`), { decode: ndjson({ decode }) })],
  ['fromWebSocket', (text, decode) => fromWebSocket(socket(text), { decode })],
  ['fromWebSocket, bytes', (text, decode) => fromWebSocket(socket(new TextEncoder().encode(text)), { decode })],
  ['fromFetch', (text, decode) => fromFetch(body(text), { decode })],
  ['fromFetch, text', (text, decode) => fromFetch(body(text), { decode, responseType: 'text' })],
  ['fromFetch, bytes', (text, decode) => fromFetch(body(text), { decode, responseType: 'bytes' })],
  ['fromXhr', (text, decode) => fromXhr(body(text), { decode })],
  ['fromXhr, text', (text, decode) => fromXhr(body(text), { decode, responseType: 'text' })],
  ['fromPoll', (text, decode) => fromPoll(body(text), { ...once, decode })],
  ['fromPoll, text', (text, decode) => fromPoll(body(text), { ...once, decode, responseType: 'text' })],
  ['fromLongPoll', (text, decode) => fromLongPoll(body(text), { ...once, decode })],
  ['fromLongPoll, text', (text, decode) => fromLongPoll(body(text), { ...once, decode, responseType: 'text' })],
  ['the operator decode', (text, decoder) => fromFetch(body(text), { responseType: 'text' }).pipe(decode(decoder))],
]

/** The places where the value is a part of the message. */
const wrapped: Readonly<Record<string, (data: unknown) => object>> = {
  'events of fromEventSource': (data) => ({ name: 'message', data }),
  'sse()': (data) => ({ data }),
}

describe.each(places)('json() in %s', (place, connect) => {
  const messageOf = (data: unknown) => wrapped[place]?.(data) ?? data

  // A text is the hard case: parsed input must not be parsed again.
  it.each(['{"a":[1]}', '"plain text"', '"7"', 'null'])('delivers %s as its value', async (text) => {
    const seen = recordWire(connect(text, codec))
    await net.advance(100)
    expect(seen.data[0]).toEqual(messageOf(JSON.parse(text)))
  })

  it('delivers the output of a schema', async () => {
    const seen = recordWire(connect('"7"', json(z.string().transform(Number))))
    await net.advance(100)
    expect(seen.data[0]).toEqual(messageOf(7))
  })

  it('delivers nothing if the schema refuses the value', async () => {
    const seen = recordWire(connect('"7"', json(z.number())))
    await net.advance(100)
    expect(seen.data).toEqual([])
  })
})

it('json() in fromDurableStream decodes JSON and text', async () => {
  serveStream(net, { page: () => page(['"7"', { a: 1 }], '2') })
  const seen = recordWire(fromDurableStream('/stream', { live: false, decode: codec }))
  await net.advance(100)
  expect(seen.data).toEqual(['"7"', { a: 1 }])
})

it.each<[string, (decode: typeof codec) => Wire<unknown>]>([
  ['fromEventSource', (decode) => fromEventSource(events('{"a":'), { decode, onBadMessage: 'fail' })],
  ['fromWebSocket', (decode) => fromWebSocket(socket('{"a":'), { decode, onBadMessage: 'fail', reconnect: false })],
  ['fromFetch, text', (decode) => fromFetch(body('{"a":'), { decode, responseType: 'text' })],
])('JSON that is not whole is a failure of kind decode (%s)', async (_, connect) => {
  const seen = recordWire(connect(codec))
  await net.advance(100)
  expect(seen).toFailWith({ kind: 'decode' })
})

it('fromWebSocket waits for an asynchronous schema and for a Blob, and keeps the order', async () => {
  net.socket('/socket', (server) => {
    for (const frame of ['1', new TextEncoder().encode('2'), '3']) server.send(frame)
  })
  const seen = recordWire(fromWebSocket('/socket', { decode: later, binaryType: 'blob' }))
  await net.advance(100)
  expect(seen.data).toEqual([2, 3, 4])
})

it('an asynchronous schema fails a wire that must decode at once', async () => {
  const seen = recordWire(fromEventSource(events('1'), { decode: later, reconnect: false }))
  await net.advance(100)
  expect(seen).toFailWith({ kind: 'decode', message: expect.stringContaining('must be synchronous') })
})

it('encodes every message as JSON, also a text', async () => {
  const server = net.socket('/socket')
  const outgoing = createOutbox<unknown>()
  recordWire(fromWebSocket('/socket', { outgoing, encode: codec }))
  for (const message of [{ say: 'hello' }, 'hello', 7]) outgoing.send(message)
  await net.advance(100)
  expect(server.received).toEqual(['{"say":"hello"}', '"hello"', '7'])
})

it('rejects a message that JSON cannot hold, and sends the next one', async () => {
  const server = net.socket('/socket')
  const outgoing = createOutbox<unknown>({ sizeOf: () => 1 })
  recordWire(fromWebSocket('/socket', { outgoing, encode: codec }))
  const bad = outgoing.send({ n: 1n })
  outgoing.send('next')
  await net.advance(100)
  await expect(bad).rejects.toThrow('encode: a message cannot be encoded as JSON')
  expect(server.received).toEqual(['"next"'])
})
