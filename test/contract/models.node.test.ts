import { type FetchStreamOptions, fromFetchStream, type StreamDecoder, wireStore } from 'rxwire'
import { aiSdkStream, anthropic, type ModelPreset, openaiChat, openaiResponses } from 'rxwire/models'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import {
  aiSdkUiStream,
  anthropicStream,
  bodyOf,
  type ModelStream,
  openaiChatStream,
  openaiResponsesStream,
} from './model-streams.ts'

const utf8 = new TextEncoder()
const AT_A_TIME = 32

/** Asks a server that sends these bytes in pieces. */
function ask<T>(preset: ModelPreset<T>, bytes: Uint8Array, pieces: Record<string, number> = {}): Recording<T> {
  const body = Buffer.from(bytes).toString('base64url')
  const url = backend().url('/stream/bytes', { body, type: 'text/event-stream', ...pieces })
  const options: FetchStreamOptions<T> & { decode: StreamDecoder<T> } = {
    json: { prompt: 'Why?' },
    retry: quick,
    ...preset,
  }
  return record(fromFetchStream(url, options))
}

/** Calls `each` with every number from 0 to `count`, some at a time. */
async function forEachUpTo(count: number, each: (n: number) => Promise<void>): Promise<void> {
  for (let from = 0; from <= count; from += AT_A_TIME) {
    const numbers = Array.from({ length: Math.min(AT_A_TIME, count + 1 - from) }, (_, index) => from + index)
    await Promise.all(numbers.map(each))
  }
}

function suite<T>(
  name: string,
  make: () => ModelPreset<T>,
  stream: ModelStream,
  failures: readonly [string, RegExp][],
) {
  const { events, end, text, messages, deliversEnd } = stream
  const preset = make()
  const textIn = (session: Recording<T>) => session.data().map(preset.textOf).join('')

  describe(name, () => {
    it('delivers every event, also an unknown one, however the bytes are split in two', async () => {
      const bytes = utf8.encode(bodyOf(...events, end))
      await forEachUpTo(bytes.length, async (splitAt) => {
        const session = ask(preset, bytes, { splitAt })
        expect(await session.ended(), `split at ${splitAt}`).toBe('complete')
        expect(session.data()).toHaveLength(messages + Number(deliversEnd))
        expect(textIn(session)).toBe(text)
      })
    })

    it('delivers the same for a body that arrives byte by byte, with CRLF', async () => {
      const bytes = utf8.encode(bodyOf(...events, end).replaceAll('\n', '\r\n'))
      const session = ask(preset, bytes, { piece: 1 })
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toHaveLength(messages + Number(deliversEnd))
      expect(textIn(session)).toBe(text)
    })

    it('fails as truncated when the body ends at any byte before the end of the answer', async () => {
      const bytes = utf8.encode(bodyOf(...events, end))
      // An event without its blank line is incomplete.
      await forEachUpTo(bytes.length - 1, async (length) => {
        const session = ask(preset, bytes.subarray(0, length))
        expect(await session.ended(), `ended after ${length} bytes`).toMatchObject({ kind: 'truncated' })
        expect(text.startsWith(textIn(session))).toBe(true)
      })
    })

    it.each(failures)('fails with what the provider said: %s', async (event, said) => {
      const session = ask(preset, utf8.encode(bodyOf(...events.slice(0, 3), event, ...events.slice(3))))
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'closed', retryable: false })
      expect((error as Error).message).toMatch(said)
      expect(session.data()).toHaveLength(events.slice(0, 3).filter((each) => !each.startsWith(':')).length)
    })

    it('delivers data that no protocol describes, and skips what is not JSON', async () => {
      const odd = ['data: null', 'data: 3', 'data: []', 'data: {', 'data: {"type":{}}']
      const session = ask(preset, utf8.encode(bodyOf(...odd, ...events, end)))
      expect(await session.ended()).toBe('complete')
      expect(session.data().slice(0, 4)).toEqual([null, 3, [], { type: {} }])
      expect(textIn(session)).toBe(text)
    })
  })
}

suite('openaiChat', openaiChat, openaiChatStream, [
  [
    'data: {"error":{"message":"Too long","type":"invalid_request_error","code":"context_length"}}',
    /context_length: Too long$/,
  ],
  ['data: {"error":{"message":"Overloaded","type":"server_error","code":null}}', /server_error: Overloaded$/],
  ['data: {"error":"no memory"}', /no memory$/],
  ['data: {"error":{"status":500}}', /\{"status":500\}$/],
])

suite('openaiResponses', openaiResponses, openaiResponsesStream, [
  ['event: error\ndata: {"type":"error","code":"ERR","message":"Broken","sequence_number":3}', /ERR: Broken$/],
  [
    'data: {"type":"response.failed","response":{"error":{"code":"server_error","message":"Broken"}}}',
    /server_error: Broken$/,
  ],
  ['event: error\ndata: {"error":{"message":"Broken","type":"server_error"}}', /server_error: Broken$/],
])

suite('anthropic', anthropic, anthropicStream, [
  [
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    /overloaded_error: Overloaded$/,
  ],
])

suite('aiSdkStream', aiSdkStream, aiSdkUiStream, [
  ['data: {"type":"error","errorText":"Rate limit"}', /Rate limit$/],
  ['data: {"type":"abort","reason":"stopped"}', /stopped$/],
  ['data: {"type":"abort"}', /aborted$/],
])

describe('openaiResponses', () => {
  it.each(['response.incomplete', 'response.cancelled'])('ends with %s, which it delivers', async (type) => {
    const last = `data: {"type":"${type}","response":{"id":"resp_1"}}`
    const session = ask(openaiResponses(), utf8.encode(bodyOf(...openaiResponsesStream.events, last)))
    expect(await session.ended()).toBe('complete')
    expect(session.data().at(-1)).toMatchObject({ type })
  })

  it('has the sequence number as the id of a message', async () => {
    const session = ask(
      openaiResponses(),
      utf8.encode(bodyOf(...openaiResponsesStream.events, openaiResponsesStream.end)),
    )
    expect(await session.ended()).toBe('complete')
    const ids = session.events.flatMap((event) => (event.type === 'message' ? [event.id] : []))
    expect(ids).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  })
})

describe('aiSdkStream', () => {
  it('completes without a message when a server responds with 204 because it runs no answer', async () => {
    const session = record(
      fromFetchStream(backend().url('/http/empty', { status: 204 }), { ...aiSdkStream(), method: 'GET' }),
    )
    expect(await session.ended()).toBe('complete')
    expect(session.events.at(-1)).toEqual({ type: 'close', reason: 'No Content', wasClean: true })
  })
})

it('gives the types of the protocol to the fold of a store', async () => {
  const chat = openaiChat()
  const body = Buffer.from(bodyOf(...openaiChatStream.events, openaiChatStream.end)).toString('base64url')
  const url = backend().url('/stream/bytes', { body, type: 'text/event-stream' })
  const store = wireStore(fromFetchStream(url, { json: {}, ...chat }), {
    initial: '',
    fold: (text, chunk) => text + (chunk.choices?.[0]?.delta.content ?? ''),
  })
  onTestFinished(store.subscribe(() => {}))
  await expect.poll(() => store.getSnapshot()).toMatchObject({ connection: 'closed', data: openaiChatStream.text })
})
