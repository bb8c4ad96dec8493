import fc from 'fast-check'
import { messageDecoder, SKIPPED } from '../../../src/decoders/decode-message.ts'
import type { StreamDecoder } from '../../../src/decoders/stream-decoder.ts'

/** A decoded message with its id and name. */
export type DecodedRecord<T> = readonly [message: T, id?: string | undefined, name?: string]

/** The messages that a decoder emits for a body in these chunks. */
export function recordsOf<T>(decoder: StreamDecoder<T>, chunks: readonly (string | Uint8Array)[]): DecodedRecord<T>[] {
  const records: DecodedRecord<T>[] = []
  const decode = messageDecoder<never, T>(decoder.decode)
  const parser = decoder.start((record, id, name) => {
    const message = decode(record as never)
    if (message === SKIPPED) return
    records.push(name !== undefined ? [message, id, name] : id !== undefined ? [message, id] : [message])
  })
  for (const chunk of chunks) parser.push(chunk as never)
  parser.end()
  return records
}

/** The same without ids and names. */
export function messagesOf<T>(decoder: StreamDecoder<T>, chunks: readonly (string | Uint8Array)[]): T[] {
  return recordsOf(decoder, chunks).map(([message]) => message)
}

/** The positions at which a body is cut. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 30 })

/** Cuts a body at these positions, which may produce empty chunks. */
export function cut<B extends { readonly length: number; slice(from: number, to: number): B }>(
  body: B,
  positions: readonly number[],
): B[] {
  const ends = positions.map((position) => position % (body.length + 1)).sort((a, b) => a - b)
  return [...ends, body.length].map((end, index) => body.slice(ends[index - 1] ?? 0, end))
}

/** Counts the calls of `Array.prototype.join` while this runs, and the items that they join. */
export function countJoins(run: () => void): { joins: number; pieces: number } {
  const counts = { joins: 0, pieces: 0 }
  const { join } = Array.prototype
  Array.prototype.join = function (this: unknown[], separator?: string): string {
    counts.joins += 1
    counts.pieces += this.length
    return join.call(this, separator)
  }
  try {
    run()
  } finally {
    Array.prototype.join = join
  }
  return counts
}
