import { describe, expect, it } from 'vitest'
import { bodyTotal } from '../../../src/http/response.ts'

describe('bodyTotal', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['is what the header says', { 'content-length': '1000' }, 1_000],
    ['is 0 for a body of nothing', { 'content-length': '0' }, 0],
    ['is that of a body that is sent as it is', { 'content-length': '7', 'content-encoding': 'identity' }, 7],
    ['is unknown without the header', {}, undefined],
    [
      'is unknown for a body that is compressed on its way',
      { 'content-length': '7', 'content-encoding': 'gzip' },
      undefined,
    ],
    ['is unknown for more than one encoding', { 'content-length': '7', 'content-encoding': 'identity, br' }, undefined],
    ['is unknown where the header came twice', { 'content-length': '7, 7' }, undefined],
    ['is unknown where the header is no number', { 'content-length': '7.5' }, undefined],
    ['is unknown where the header is negative', { 'content-length': '-1' }, undefined],
    ['is unknown where the header is empty', { 'content-length': '' }, undefined],
  ])('%s', (_, headers, total) => {
    expect(bodyTotal(new Headers(headers), 0)).toBe(total)
  })

  it('is not believed any more where more than that has come', () => {
    const headers = new Headers({ 'content-length': '10' })
    expect([bodyTotal(headers, 10), bodyTotal(headers, 11)]).toEqual([10, undefined])
  })
})
