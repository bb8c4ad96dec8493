import { describe, expect, it } from 'vitest'
import { bodyTotal } from '../../../src/http/response.ts'

describe('bodyTotal', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['is the Content-Length', { 'content-length': '1000' }, 1_000],
    ['is 0 for an empty body', { 'content-length': '0' }, 0],
    ['is the Content-Length with the identity encoding', { 'content-length': '7', 'content-encoding': 'identity' }, 7],
    ['is unknown without the header', {}, undefined],
    ['is unknown for a compressed body', { 'content-length': '7', 'content-encoding': 'gzip' }, undefined],
    ['is unknown for more than one encoding', { 'content-length': '7', 'content-encoding': 'identity, br' }, undefined],
    ['is unknown if the header was sent twice', { 'content-length': '7, 7' }, undefined],
    ['is unknown if the header is not an integer', { 'content-length': '7.5' }, undefined],
    ['is unknown if the header is negative', { 'content-length': '-1' }, undefined],
    ['is unknown if the header is no safe integer', { 'content-length': '9'.repeat(400) }, undefined],
    ['is unknown if the header is empty', { 'content-length': '' }, undefined],
  ])('%s', (_, headers, total) => {
    expect(bodyTotal(new Headers(headers), 0)).toBe(total)
  })

  it('becomes unknown once more bytes than that have arrived', () => {
    const headers = new Headers({ 'content-length': '10' })
    expect([bodyTotal(headers, 10), bodyTotal(headers, 11)]).toEqual([10, undefined])
  })
})
