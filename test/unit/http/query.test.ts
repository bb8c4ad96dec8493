import { describe, expect, it } from 'vitest'
import { type Query, withQuery } from '../../../src/http/request.ts'

const base = 'http://localhost/path'

describe('withQuery', () => {
  it.each<[string, string, Query | undefined, string]>([
    ['adds each value under its name', base, { a: 'x', b: 2, c: false }, '?a=x&b=2&c=false'],
    ['repeats the name for each item of an array', base, { a: [1, 2, 3] }, '?a=1&a=2&a=3'],
    [
      'omits null and undefined, also within an array',
      base,
      { a: null, b: undefined, c: [null, 1, undefined] },
      '?c=1',
    ],
    ['omits an empty array', base, { a: [], b: 1 }, '?b=1'],
    ['keeps an empty string, zero and false', base, { a: '', b: 0, c: [false] }, '?a=&b=0&c=false'],
    ['escapes reserved characters', base, { 'a&b': '1=2 + 3#\u2603' }, '?a%26b=1%3D2+%2B+3%23%E2%98%83'],
    ['accepts URLSearchParams and keeps repeated names', base, new URLSearchParams('a=1&b=2&a=3'), '?a=1&b=2&a=3'],
    ['appends to the query of the URL', `${base}?a=1`, { a: 2 }, '?a=1&a=2'],
    ['adds nothing to a URL without a query', base, undefined, ''],
    ['keeps the query as written if nothing is added', `${base}?a=%20b`, undefined, '?a=%20b'],
  ])('%s', (_, url, query, expected) => {
    expect(withQuery(new URL(url), query).search).toBe(expected)
  })

  it('keeps the fragment after the query', () => {
    expect(withQuery(new URL(`${base}#there`), { a: 1 }).href).toBe(`${base}?a=1#there`)
  })

  it('does not modify the URL that it was given', () => {
    const url = new URL(base)
    withQuery(url, { a: 1 })
    expect(url.href).toBe(base)
  })
})
