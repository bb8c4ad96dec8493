import { expect, it } from 'vitest'
import { bodyBytes } from '../../../src/transports/send-beacon.ts'

it.each<[string, Parameters<typeof bodyBytes>[0], number | undefined]>([
  ['a missing body', undefined, 0],
  ['text in UTF-8', 'a\u00e4\u2603\u{1f600}', 1 + 2 + 3 + 4],
  ['a Blob', new Blob(['abc']), 3],
  ['an ArrayBuffer', new ArrayBuffer(5), 5],
  ['the bytes of a view, not of its buffer', new Uint16Array(new ArrayBuffer(20), 2, 3), 6],
  ['an encoded form', new URLSearchParams({ a: '\u2603' }), 'a=%E2%98%83'.length],
  ['a form with files as undefined', new FormData(), undefined],
])('counts %s', (_, body, bytes) => {
  expect(bodyBytes(body)).toBe(bytes)
})
