import { fromFetch, fromLongPoll, fromPoll, WireMemory } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { isResumePoint, requireResumePoint } from '../../src/resume-point.ts'

describe('isResumePoint', () => {
  it.each(['a', '"a"', '\u00fc', '\u{1f600}', 'a\tb', 'x'.repeat(4_096)])('accepts %j', (id) => {
    expect(isResumePoint(id)).toBe(true)
  })

  it.each<[unknown]>([
    [''],
    [' a'],
    ['a '],
    ['a\nb'],
    ['a\0'],
    ['x'.repeat(4_097)],
    [7],
    [null],
    [['a']],
    [{ length: 1 }],
  ])('refuses %j', (id) => {
    expect(isResumePoint(id)).toBe(false)
  })
})

describe('requireResumePoint', () => {
  it.each([undefined, '', 'a'])('accepts %j', (id) => {
    expect(() => requireResumePoint('resumeFrom', id)).not.toThrow()
  })

  it.each([null, 7, ['a'], 'a\n'])('throws a TypeError for %j', (id) => {
    expect(() => requireResumePoint('resumeFrom', id)).toThrow(/^resumeFrom must be an id/)
    expect(() => new WireMemory({ resumeFrom: id as string })).toThrow(TypeError)
  })
})

describe('resumeFrom of a poll by validators', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT'

  it.each(['"a"', 'W/"a"', date, `"a" ${date}`, ''])('may be %j', (resumeFrom) => {
    expect(() => fromPoll('/a', { resumeFrom })).not.toThrow()
    expect(() => fromLongPoll('/a', { resumeFrom })).not.toThrow()
  })

  it.each(['abc', '"a"b', 'w/"a"', '7', '1994-11-06'])('is refused at the call if it is %j', (resumeFrom) => {
    expect(() => fromPoll('/a', { resumeFrom })).toThrow(/^resumeFrom must be the id of a message/)
    expect(() => fromLongPoll('/a', { resumeFrom })).toThrow(/^resumeFrom must be the id of a message/)
  })

  it('may be any id if the caller reads the cursor', () => {
    expect(() => fromLongPoll('/a', { resumeFrom: 'abc', readCursor: () => 'abc' })).not.toThrow()
  })
})

describe('etag of fromFetch', () => {
  it.each(['abc', '', 'w/"a"', '"a'])('is refused at the call if it is %j', (etag) => {
    expect(() => fromFetch('/a', { etag })).toThrow(/^etag must be a quoted entity tag/)
  })
})
