import fc from 'fast-check'
import { bytes } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { cut, cuts, messagesOf } from '../support/decode-chunks.ts'

describe('bytes', () => {
  it('reads bytes and emits each chunk without copying it', () => {
    const pieces = [Uint8Array.of(1, 2), Uint8Array.of(0xff)]
    expect(bytes().reads).toBe('bytes')
    const handed = messagesOf(bytes(), pieces)
    expect(handed).toHaveLength(2)
    for (const [index, piece] of pieces.entries()) expect(handed[index]).toBe(piece)
  })

  it('emits the same bytes however the body is split into chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (body, positions) => {
        const handed = messagesOf(bytes(), cut<Uint8Array>(body, positions))
        expect(handed.flatMap((piece) => [...piece])).toEqual([...body])
      }),
    )
  })
})
