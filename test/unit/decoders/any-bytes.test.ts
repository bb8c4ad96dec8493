import fc from 'fast-check'
import { bytes, fromFetchStream, isWireError, lines, ndjson, sse, text } from 'rxwire'
import { describe, expect, it } from 'vitest'
import type { StreamDecoder } from '../../../src/decoders/stream-decoder.ts'
import { cut, cuts } from '../support/decode-chunks.ts'

const BOUND = 12

/** The messages of a wire whose body arrives in these chunks, and how the wire ends. */
function heard(decode: StreamDecoder<unknown>, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<unknown[]> {
  const body = new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  const wire = fromFetchStream('http://any.test/', {
    decode,
    fetch: async () => new Response(body),
    retry: false,
    contentType: 'ignore',
  })
  return new Promise((resolve, reject) => {
    const said: unknown[] = []
    wire.subscribe({
      next: (event) => {
        if (event.type === 'message') said.push(event.data)
      },
      error: (error: unknown) => {
        if (isWireError(error)) resolve([...said, error.kind])
        else reject(error)
      },
      complete: () => resolve([...said, 'complete']),
    })
  })
}

const encoder = new TextEncoder()
const word = fc.constantFrom(
  'data: ☃😀\n\n',
  'data',
  'id',
  ':',
  ' ',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '7',
  '"',
  '{',
  '}',
  '☃',
  '😀',
  '\uFEFF',
  '\0',
)
const body = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      word.map((each) => encoder.encode(each)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))

/** Joins text and byte chunks, because `text` and `bytes` emit the chunks of the body as they arrive. */
function joined(said: readonly unknown[]): unknown[] {
  return said.flatMap((piece) => (typeof piece === 'string' || piece instanceof Uint8Array ? [...piece] : [piece]))
}

describe('stream decoders with random bytes', () => {
  const decoders: readonly [string, () => StreamDecoder<unknown>, string[], (said: unknown[]) => unknown][] = [
    ['bytes', bytes, ['complete'], joined],
    ['text', text, ['complete'], joined],
    ['lines', () => lines({ maxLength: BOUND }), ['complete', 'overflow'], (said) => said],
    ['ndjson', () => ndjson({ maxLength: BOUND }), ['complete', 'overflow', 'truncated'], (said) => said],
    ['sse', sse, ['complete', 'truncated'], (said) => said],
  ]
  it.each(decoders)('%s gives the same messages and end for any chunks', async (_, decoder, ends, whole) => {
    const seen = new Set<unknown>()
    await fc.assert(
      fc.asyncProperty(body, cuts, async (all, positions) => {
        const said = await heard(decoder(), [all])
        expect(whole(await heard(decoder(), cut(all, positions)))).toEqual(whole(said))
        seen.add(said.at(-1))
      }),
      { numRuns: 400 },
    )
    // The random bodies reach every expected end and no other.
    expect([...seen].sort()).toEqual(ends)
  })
})
