import { fromLongPoll, fromPoll, type Wire } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

const polls: [string, () => Wire<unknown>][] = [
  ['fromPoll', () => fromPoll('/state', { everyMs: 1_000 })],
  ['fromLongPoll', () => fromLongPoll('/state')],
]

describe.each(polls)('%s after the page is resumed', (_, connect) => {
  it('keeps a pending request to a slow server', async () => {
    const state = net.log('/state')
    state.send({ n: 1 })
    const seen = recordWire(connect())
    await net.advance(2_000)
    expect(state.attempts).toHaveLength(2)
    net.resume()
    await net.advance(20_000)
    expect(seen).toEmit(['connecting', 'open', 'message'])
    expect(state.attempts).toHaveLength(2)
  })
})
