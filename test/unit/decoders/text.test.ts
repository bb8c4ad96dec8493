import fc from 'fast-check'
import { text } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { cut, cuts, messagesOf } from '../support/decode-chunks.ts'

describe('text', () => {
  it('reads text and emits each chunk unchanged, including white space', () => {
    expect(text().reads).toBe('text')
    expect(messagesOf(text(), ['a', ' ', '\n', 'bc'])).toEqual(['a', ' ', '\n', 'bc'])
  })

  it('emits nothing for an empty chunk', () => {
    expect(messagesOf(text(), ['', 'a', ''])).toEqual(['a'])
  })

  it('removes a byte order mark only at the start of the body', () => {
    expect(messagesOf(text(), ['', '\uFEFF', 'a', '\uFEFFb\uFEFF'])).toEqual(['a', '\uFEFFb\uFEFF'])
    expect(messagesOf(text(), ['\uFEFF\uFEFFa'])).toEqual(['\uFEFFa'])
  })

  it('emits the same text however the body is split into chunks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), cuts, (body, positions) => {
        expect(messagesOf(text(), cut(body, positions)).join('')).toBe(body.replace(/^\uFEFF/, ''))
      }),
    )
  })
})
