import { describe, expect, it } from 'vitest'
import { type Query, withQuery } from '../../../src/http/request.ts'

const base = 'http://localhost/path'

describe('withQuery', () => {
  it.each<[string, string, Query | undefined, string]>([
    ['adds each value under its name', base, { a: 'x', b: 2, c: false }, '?a=x&b=2&c=false'],
    ['repeats the name of an array', base, { a: [1, 2, 3] }, '?a=1&a=2&a=3'],
    [
      'leaves out null and undefined, also in an array',
      base,
      { a: null, b: undefined, c: [null, 1, undefined] },
      '?c=1',
    ],
    ['leaves out an empty array', base, { a: [], b: 1 }, '?b=1'],
    ['keeps what is empty, zero or false', base, { a: '', b: 0, c: [false] }, '?a=&b=0&c=false'],
    ['escapes what would break the url', base, { 'a&b': '1=2 + 3#\u2603' }, '?a%26b=1%3D2+%2B+3%23%E2%98%83'],
    ['takes URLSearchParams with all their repetitions', base, new URLSearchParams('a=1&b=2&a=3'), '?a=1&b=2&a=3'],
    ['joins what the url has', `${base}?a=1`, { a: 2 }, '?a=1&a=2'],
    ['leaves a url without a query as it is', base, undefined, ''],
    ['leaves a query as it was written when nothing is added', `${base}?a=%20b`, undefined, '?a=%20b'],
  ])('%s', (_, url, query, expected) => {
    expect(withQuery(new URL(url), query).search).toBe(expected)
  })

  it('keeps the fragment behind the query', () => {
    expect(withQuery(new URL(`${base}#there`), { a: 1 }).href).toBe(`${base}?a=1#there`)
  })

  it('does not change the url that it was given', () => {
    const url = new URL(base)
    withQuery(url, { a: 1 })
    expect(url.href).toBe(base)
  })
})
