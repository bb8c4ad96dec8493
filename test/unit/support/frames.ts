import fc from 'fast-check'
import { messageDecoder, SKIPPED } from '../../../src/decoders/decode-message.ts'
import type { StreamDecoder } from '../../../src/decoders/stream-decoder.ts'

/** A decoded message with its id and name. */
export type Handed<T> = readonly [message: T, id?: string | undefined, name?: string]

/** The messages that a decoder emits for a body in these chunks. */
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

/** The same without ids and names. */
export function messagesOf<T>(decoder: StreamDecoder<T>, pieces: readonly (string | Uint8Array)[]): T[] {
  return handedOn(decoder, pieces).map(([message]) => message)
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
