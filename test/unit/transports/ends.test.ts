import { fromEventSource, fromFetchStream, fromWebSocket, nativeEngine, sse, type Wire, xhrEngine } from 'rxwire'
import { describe, expect, it } from 'vitest'
import type { EndOptions } from '../../../src/decoders/end-options.ts'
import { record } from '../../record.ts'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

interface Note {
  readonly text: string
  readonly isLast?: boolean
  readonly failure?: string
}

const decode = (data: string) => JSON.parse(data) as Note

/** Each transport that streams messages, with the ways to end it. */
const transports: readonly [name: string, open: (options: EndOptions<Note>) => Wire<Note>][] = [
  ['fromEventSource', (options) => fromEventSource('/notes', { decode, ...options })],
  ['fromEventSource (xhr)', (options) => fromEventSource('/notes', { decode, engine: xhrEngine(), ...options })],
  ['fromEventSource (native)', (options) => fromEventSource('/notes', { decode, engine: nativeEngine(), ...options })],
  ['fromWebSocket', (options) => fromWebSocket('/notes', { decode: (data) => decode(String(data)), ...options })],
]

describe.each(transports)('the end of %s', (_, open) => {
  it('is the message for which endsWhen returns true', async () => {
    const notes = net.log('/notes')
    const session = record(open({ endsWhen: ({ isLast = false }) => isLast }))
    for (const text of ['a', 'b', 'c']) notes.send({ text, isLast: text === 'b' })
    await net.advance(60_000)
    expect(session.data().map(({ text }) => text)).toEqual(['a', 'b'])
    expect(session.end).toBe('complete')
    expect(notes.attempts).toHaveLength(1)
    expect(net.open).toBe(0)
  })

  it('is the text that endMarker names, which is not delivered', async () => {
    const notes = net.log('/notes')
    const session = record(open({ endMarker: '"[DONE]"' }))
    notes.send({ text: 'a' })
    notes.send('"[DONE]"')
    notes.send({ text: 'c' })
    await net.advance(60_000)
    expect(session.data()).toEqual([{ text: 'a' }])
    expect(session.end).toBe('complete')
    expect(notes.attempts).toHaveLength(1)
  })

  it('is a message that reports a failure, and the error names its text', async () => {
    const notes = net.log('/notes')
    const session = record(open({ failsWhen: ({ failure }) => failure }))
    notes.send({ text: 'a' })
    notes.send({ text: 'b', failure: 'overloaded' })
    await net.advance(60_000)
    expect(session.data()).toEqual([{ text: 'a' }])
    expect(session.end).toMatchObject({
      kind: 'closed',
      retryable: false,
      message: expect.stringMatching(/\/notes reported a failure in its response: overloaded$/),
    })
    expect(notes.attempts).toHaveLength(1)
  })

  it.each(['endsWhen', 'failsWhen', 'endMarker'])('throws a TypeError for %s: 7', (option) => {
    expect(() => open({ [option]: 7 })).toThrow(new TypeError(`${option} must be a function`))
  })
})

describe('the information besides a message', () => {
  it('is its id and its name', async () => {
    const stream = 'id: 7\nevent: tick\ndata: a\n\n'
    const seen: unknown[] = []
    const endsWhen = (_: unknown, info: unknown) => {
      seen.push(info)
      return true
    }
    net.route('GET', '/notes', () => stream, { contentType: 'text/event-stream' })
    const wires: readonly Wire<unknown>[] = [
      fromEventSource('/notes', { endsWhen }),
      fromFetchStream('/notes', { decode: sse(), endsWhen }),
    ]
    for (const wire of wires) {
      record(wire)
      await net.advance(100)
    }
    expect(seen).toEqual([
      { id: '7', name: 'tick' },
      { id: '7', name: 'tick' },
    ])
  })

  it('reaches endMarker before events are filtered', async () => {
    net.route('GET', '/notes', () => 'event: done\ndata: x\n\n', { contentType: 'text/event-stream' })
    const session = record(fromEventSource('/notes', { events: ['tick'], endMarker: (_, name) => name === 'done' }))
    await net.advance(100)
    expect(session.end).toBe('complete')
  })
})
