import fc from 'fast-check'
import { text } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { cut, cuts, messagesOf } from '../support/frames.ts'

describe('text', () => {
  it('asks for text, and hands on each piece as it is, also one of white space', () => {
    expect(text().reads).toBe('text')
    expect(messagesOf(text(), ['a', ' ', '\n', 'bc'])).toEqual(['a', ' ', '\n', 'bc'])
  })

  it('hands on nothing for a piece without text', () => {
    expect(messagesOf(text(), ['', 'a', ''])).toEqual(['a'])
  })

  it('takes the byte order mark from the beginning, and from nowhere else', () => {
    expect(messagesOf(text(), ['', '\uFEFF', 'a', '\uFEFFb\uFEFF'])).toEqual(['a', '\uFEFFb\uFEFF'])
    expect(messagesOf(text(), ['\uFEFF\uFEFFa'])).toEqual(['\uFEFFa'])
  })

  it('says the same, whatever pieces a body comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), cuts, (body, positions) => {
        expect(messagesOf(text(), cut(body, positions)).join('')).toBe(body.replace(/^\uFEFF/, ''))
      }),
    )
  })
})
