import { fromEventSource, fromFetch, fromFetchStream, fromPoll, fromWebSocket, type Wire } from 'rxwire'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

// In production no option is checked at the call.
it.each<[string, (url: string) => Wire<unknown>]>([
  ['a forbidden method', (url) => fromFetch(url, { method: 'TRACE' })],
  ['an invalid method', (url) => fromEventSource(url, { method: 'NOT A METHOD' })],
  ['a GET with a body', (url) => fromEventSource(url, { body: 'a' })],
  ['an unknown credentials mode', (url) => fromFetch(url, { credentials: 'always' as 'omit' })],
  ['a header name with a space', (url) => fromFetchStream(url, { headers: { 'not a name': '1' } })],
  ['a plain object as body', (url) => fromFetch(url, { method: 'POST', body: {} as string })],
  ['json that cannot be serialized', (url) => fromFetch(url, { method: 'POST', json: () => {} })],
  ['an invalid url', () => fromFetch('http://[')],
  ['a url with credentials', () => fromEventSource('http://ada:secret@localhost/')],
  ['a number as url', () => fromPoll(7 as unknown as string)],
  ['an invalid subprotocol', (url) => fromWebSocket(url, { protocols: ['a b'] })],
])('%s ends the first attempt with a final error and sends nothing', async (_, connect) => {
  const server = backend()
  const session = record(connect(server.url('/http/echo')))
  expect(await session.ended()).toMatchObject({ name: 'WireError', retryable: false })
  expect(session.events.map(({ type }) => type)).toEqual(['connecting'])
  expect((await server.stats()).seen).toEqual([])
})
