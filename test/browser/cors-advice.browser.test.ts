import { type FetchOptions, fromFetch, fromXhr, type Wire } from 'rxwire'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { record } from '../record.ts'

type Sending = Pick<FetchOptions<unknown>, 'method' | 'headers' | 'body' | 'json'>

type Request = (url: string, options: Sending & { readonly retry: false }) => Wire<unknown>

const post = { method: 'POST' } as const
const form = new FormData()
form.set('name', 'Ada')

async function expectHonest(asks: boolean, sending: Sending, request: Request): Promise<void> {
  const server = backend()
  const error = await record(request(server.url('/http/cors'), { ...sending, retry: false })).ended()
  expect(String(error)).toContain('CORS may be the cause')
  const advises = String(error).includes('sends a preflight')
  const asked = (await server.stats()).seen.some(({ method }) => method === 'OPTIONS')
  expect({ advises, asked }).toEqual({ advises: asks, asked: asks })
}

it.each<[string, boolean, Sending, Request]>([
  ['nothing', false, {}, fromFetch],
  ['text', false, { ...post, body: 'x' }, fromFetch],
  ['bytes', false, { ...post, body: new Uint8Array(1) }, fromFetch],
  ['a form', false, { ...post, body: form }, fromFetch],
  ['JSON', true, { ...post, json: 1 }, fromFetch],
  ['a Blob without a type', false, { ...post, body: new Blob(['x']) }, fromFetch],
  ['a Blob of text', false, { ...post, body: new Blob(['x'], { type: 'text/plain;charset=utf-8' }) }, fromFetch],
  ['a Blob of JSON', true, { ...post, body: new Blob(['1'], { type: 'application/json' }) }, fromFetch],
  [
    'a Blob of JSON under another type',
    false,
    { ...post, body: new Blob(['1'], { type: 'application/json' }), headers: { 'content-type': 'text/plain' } },
    fromFetch,
  ],
  ['a range', false, { headers: { range: 'bytes=0-9' } }, fromFetch],
  ['a range up to the end', false, { headers: { range: 'bytes=5-' } }, fromFetch],
  ['a range from the end', true, { headers: { range: 'bytes=-5' } }, fromFetch],
  ['two ranges', true, { headers: { range: 'bytes=0-1,3-4' } }, fromFetch],
  ['accept', false, { headers: { accept: 'a'.repeat(128) } }, fromFetch],
  ['accept of more than 128 characters', true, { headers: { accept: 'a'.repeat(129) } }, fromFetch],
  ['accept with parentheses', true, { headers: { accept: 'text/plain (please)' } }, fromFetch],
  ['a language', false, { headers: { 'accept-language': 'de-CH, en;q=0.5' } }, fromFetch],
  ['a language with an underscore', true, { headers: { 'accept-language': 'de_CH' } }, fromFetch],
  ['nothing by XHR', false, post, fromXhr],
  ['text by XHR with an upload listener', true, { ...post, body: 'x' }, fromXhr],
])('predicts whether the browser sends a preflight: %s (%s)', (_, asks, sending, request) =>
  expectHonest(asks, sending, request),
)

const because = unable('send a stream')
it.skipIf(because !== '')(`predicts that the browser sends a preflight for a stream${because}`, () =>
  expectHonest(true, { ...post, body: () => new Blob(['x']).stream() }, fromFetch),
)
