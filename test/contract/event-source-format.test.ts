import { type EventSourceOptions, fromEventSource, type WireMessage } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { type Ability, unable } from '../engines/limits.ts'
import { record } from '../record.ts'
import { eventSourceEngines } from './event-source-engines.ts'

interface Case {
  readonly behaviour: string
  readonly stream: string | Uint8Array
  /** The offsets in bytes at which the body is split into separate chunks. Default: none. */
  readonly cuts?: readonly number[]
  readonly options?: EventSourceOptions<string>
  /** An ability that the native EventSource of some engines lacks. */
  readonly nativeNeeds?: Ability
  /** The messages, without undefined fields. */
  readonly expected: readonly Expected[]
  /** What the native EventSource delivers, where it hides the difference. */
  readonly nativeExpected?: readonly Expected[]
}

type Expected = Partial<Pick<WireMessage<string>, 'data' | 'id' | 'name'>>

const utf8 = new TextEncoder()
const snowman = utf8.encode('data: \u2603\ud83d\ude80\n\n')

// [spec] HTML Standard §9.2.5 and §9.2.6.
const cases: readonly Case[] = [
  { behaviour: 'reads a message', stream: 'data: a\n\n', expected: [{ data: 'a' }] },
  { behaviour: 'skips one byte order mark', stream: '\ufeffdata: a\n\n', expected: [{ data: 'a' }] },
  {
    behaviour: 'skips a byte order mark that is split across chunks',
    stream: '\ufeffdata: a\n\n',
    cuts: [1, 2],
    nativeNeeds: 'decode a split byte order mark',
    expected: [{ data: 'a' }],
  },
  {
    behaviour: 'ends lines with LF, CR and CRLF',
    stream: 'data: a\n\ndata: b\r\rdata: c\r\n\r\n',
    expected: [{ data: 'a' }, { data: 'b' }, { data: 'c' }],
  },
  {
    behaviour: 'reads a CRLF that is split across chunks as one line end',
    stream: 'data: a\r\ndata: b\r\n\r\n',
    cuts: [8, 17, 19],
    expected: [{ data: 'a\nb' }],
  },
  {
    behaviour: 'decodes characters that are split across chunks',
    stream: snowman,
    cuts: [7, 8, 10, 11],
    expected: [{ data: '\u2603\ud83d\ude80' }],
  },
  {
    behaviour: 'replaces bytes that are not UTF-8',
    stream: new Uint8Array([...utf8.encode('data: a'), 0xff, ...utf8.encode('b\n\n')]),
    expected: [{ data: 'a\ufffdb' }],
  },
  { behaviour: 'ignores comments', stream: ': hello\ndata: a\n:\n\n', expected: [{ data: 'a' }] },
  {
    behaviour: 'reads a field without a colon as empty',
    stream: 'data\n\ndata\ndata\n\n',
    expected: [{ data: '' }, { data: '\n' }],
  },
  {
    behaviour: 'removes one leading space',
    stream: 'data:a\n\ndata:  b\n\n',
    expected: [{ data: 'a' }, { data: ' b' }],
  },
  { behaviour: 'joins several data lines', stream: 'data: a\ndata: b\ndata:\n\n', expected: [{ data: 'a\nb\n' }] },
  {
    behaviour: 'delivers no message for an event without data',
    stream: 'event: x\n\nid: 1\n\ndata: a\n\n',
    nativeNeeds: 'keep an id without data',
    expected: [{ data: 'a' }],
    // The native EventSource does not report a block without data, so its id looks like the id of the next message.
    nativeExpected: [{ data: 'a', id: '1' }],
  },
  {
    behaviour: 'gives a message only its own id',
    stream: 'id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n',
    expected: [{ data: 'a', id: '1' }, { data: 'b' }, { data: 'c', id: '2' }],
  },
  {
    behaviour: 'ignores an id with NUL',
    stream: 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
    nativeNeeds: 'ignore an id with NUL',
    expected: [{ data: 'a', id: '1' }, { data: 'b' }],
  },
  {
    behaviour: 'ignores unknown fields and field names in the wrong case',
    stream: 'Data: x\nfoo: y\ndata: a\n\n',
    expected: [{ data: 'a' }],
  },
  {
    behaviour: 'ignores a retry that is not all digits',
    stream: 'retry: 1s\nretry: -1\nretry: 1e9\ndata: a\n\n',
    expected: [{ data: 'a' }],
  },
  { behaviour: 'drops an incomplete last block', stream: 'data: a\n\ndata: b\n', expected: [{ data: 'a' }] },
  {
    behaviour: 'drops an incomplete last character',
    stream: new Uint8Array([...utf8.encode('data: a\n\ndata: '), 0xe2, 0x98]),
    expected: [{ data: 'a' }],
  },
  {
    behaviour: 'delivers the name of an event',
    stream: 'event: tick\ndata: a\n\ndata: b\n\n',
    options: { events: ['tick', 'message'] },
    expected: [{ data: 'a', name: 'tick' }, { data: 'b' }],
  },
  {
    behaviour: 'delivers only the events that `events` lists',
    stream: 'event: tick\ndata: a\n\ndata: b\n\nevent: tock\ndata: c\n\n',
    options: { events: ['tick'] },
    expected: [{ data: 'a', name: 'tick' }],
  },
]

for (const { name, options: engine } of eventSourceEngines()) {
  describe(`the event-stream format of fromEventSource (${name})`, () => {
    for (const { behaviour, stream, cuts = [], options, nativeNeeds, expected, nativeExpected } of cases) {
      const because = name === 'native' && nativeNeeds !== undefined ? unable(nativeNeeds) : ''
      it.skipIf(because !== '')(`${behaviour}${because}`, async () => {
        const url = backend().url('/sse/bytes', { body: base64Url(stream), cuts: cuts.join(',') })
        const session = record(fromEventSource(url, { reconnect: { random: () => 0 }, ...options, ...engine }))
        expect(await session.ended()).toBe('complete')
        const messages = session.events.flatMap(({ type, ...event }) => (type === 'message' ? [event] : []))
        expect(messages).toEqual(name === 'native' ? (nativeExpected ?? expected) : expected)
      })
    }

    it('decodes a stream that arrives byte by byte', async () => {
      const events = '\ufeffid: 1\r\ndata: \u2603\r\n\r\n: beat\n\nevent: tick\rdata: b\rdata: c\r\r'
      const url = backend().url('/sse/trickle', { events })
      const session = record(
        fromEventSource(url, { events: ['message', 'tick'], reconnect: { random: () => 0 }, ...engine }),
      )
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['\u2603', 'b\nc'])
    })
  })
}

function base64Url(stream: string | Uint8Array): string {
  const bytes = typeof stream === 'string' ? utf8.encode(stream) : stream
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
