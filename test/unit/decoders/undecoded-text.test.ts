import { fromEventSource, fromWebSocket, type HintHandler, setHintHandler, type Wire } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { undecoded } from '../../../src/decoders/undecoded-text.ts'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

let heard = vi.fn<HintHandler>()

beforeEach(() => {
  heard = vi.fn()
  setHintHandler(heard)
})
afterEach(() => setHintHandler(undefined))

it.each<[string, (url: string) => Wire<unknown>]>([
  ['fromEventSource', (url) => fromEventSource(url)],
  ['fromWebSocket', (url) => fromWebSocket(url)],
])('gives one hint when %s delivers JSON as text', async (name, open) => {
  const feed = net.log('/feed')
  const seen = recordWire(open('/feed'))
  await net.advance()
  feed.send({ price: 3 })
  feed.send({ price: 4 })
  await net.advance()
  expect(seen.data).toHaveLength(2)
  expect(heard).toHaveBeenCalledExactlyOnceWith({ topic: 'decode', message: expect.stringContaining(name) })
})

it.each([
  ['a number', '7'],
  ['a sentence', '[DONE'],
  ['half an object', '{"a":'],
  ['binary data', new ArrayBuffer(2)],
])('gives no hint for %s', (_, input) => {
  const decode = undecoded('fromWebSocket')
  expect(decode(input)).toBe(input)
  expect(heard).not.toHaveBeenCalled()
})

it('looks only at the first text', () => {
  const decode = undecoded('fromEventSource')
  decode('hello')
  decode('{}')
  expect(heard).not.toHaveBeenCalled()
})
