import fc from 'fast-check'
import { messageDecoder, SKIPPED } from '../../../src/decoders/decode-message.ts'
import type { StreamDecoder } from '../../../src/decoders/stream-decoder.ts'

/** What a decoder hands on: each message, its id and its name. */
export type Handed<T> = readonly [message: T, id?: string | undefined, name?: string]

/** What a decoder makes of a body in these pieces. */
export function handedOn<T>(decoder: StreamDecoder<T>, pieces: readonly (string | Uint8Array)[]): Handed<T>[] {
  const handed: Handed<T>[] = []
  const decode = messageDecoder<never, T>(decoder.decode)
  const framer = decoder.start((frame, id, name) => {
    const message = decode(frame as never)
    if (message === SKIPPED) return
    handed.push(name !== undefined ? [message, id, name] : id !== undefined ? [message, id] : [message])
  })
  for (const piece of pieces) framer.push(piece as never)
  framer.end()
  return handed
}

/** The messages alone. */
export function messagesOf<T>(decoder: StreamDecoder<T>, pieces: readonly (string | Uint8Array)[]): T[] {
  return handedOn(decoder, pieces).map(([message]) => message)
}

/** Where a body is cut. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 30 })

/** A body cut at these places, empty pieces included. */
export function cut<B extends { readonly length: number; slice(from: number, to: number): B }>(
  body: B,
  positions: readonly number[],
): B[] {
  const ends = positions.map((position) => position % (body.length + 1)).sort((a, b) => a - b)
  return [...ends, body.length].map((end, index) => body.slice(ends[index - 1] ?? 0, end))
}

/** Counts how often an array of pieces is joined while this runs, and how many pieces that were in all. */
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
