import {
  bytes,
  fromDurableStream,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromUpload,
  fromWebSocket,
  fromXhr,
  lines,
  ndjson,
  type ReconnectPolicy,
  reconnect,
  reconnecting,
  sse,
  text,
  tus,
} from 'rxwire'
import { expect, it } from 'vitest'

const five = 5 as unknown as ReconnectPolicy

it.each<[string, string, () => unknown]>([
  ['fromEventSource', 'reconnect', () => fromEventSource('/a', { reconnect: five })],
  ['fromWebSocket', 'reconnect', () => fromWebSocket('/a', { reconnect: five })],
  ['fromPoll', 'reconnect', () => fromPoll('/a', { reconnect: five })],
  ['fromLongPoll', 'reconnect', () => fromLongPoll('/a', { reconnect: five })],
  ['fromDurableStream', 'reconnect', () => fromDurableStream('/a', { reconnect: five })],
  ['fromUpload', 'reconnect', () => fromUpload('/a', new Blob(), { protocol: tus(), reconnect: five })],
  ['fromFetch', 'retry', () => fromFetch('/a', { retry: five })],
  ['fromFetchStream', 'retry', () => fromFetchStream('/a', { retry: five })],
  ['fromXhr', 'retry', () => fromXhr('/a', { retry: five })],
  ['reconnecting', 'reconnect', () => reconnecting(() => {}, five)],
  ['the operator reconnect', 'reconnect', () => reconnect(five)],
])('%s throws a TypeError for %s: 5 that names maxRetries', (_, option, call) => {
  expect(call).toThrow(new TypeError(`${option} must be an object or false, got 5. Use { maxRetries: 5 }`))
})

it.each([true, 'never'])('throws a TypeError for reconnect: %o', (policy) => {
  const call = () => fromEventSource('/a', { reconnect: policy as unknown as ReconnectPolicy })
  expect(call).toThrow(/^reconnect must be an object or false, got /)
})

it.each([sse, ndjson, lines, text, bytes])('throws a TypeError for a decoder that is not called: %o', (create) => {
  const decode = create as unknown as ReturnType<typeof text>
  const message = 'decode must be a decoder of streams such as sse() or ndjson(), got function'
  expect(() => fromFetchStream('/a', { decode })).toThrow(new TypeError(message))
})

it.each<[string, () => unknown]>([
  ['fromFetch', () => fromFetch('/a', { method: 'POST', body: { a: 1 } as unknown as BodyInit })],
  ['fromXhr', () => fromXhr('/a', { method: 'POST', body: { a: 1 } as unknown as BodyInit })],
  ['fromFetchStream', () => fromFetchStream('/a', { method: 'POST', body: [1] as unknown as BodyInit })],
])('%s throws a TypeError for data as body that names json', (_, call) => {
  expect(call).toThrow(new TypeError('body must not be of the type object. Use json for data'))
})
