import { fromEventSource } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

const HEARTBEAT = ': still here\n\n'

/** An open stream that the test writes to. */
async function listen() {
  const feed = net.log('/feed')
  const seen = recordWire(fromEventSource('/feed'))
  await net.advance()
  const isLostAfter = async (ms: number) => {
    await net.advance(ms)
    return seen.types.includes('waiting')
  }
  return { feed, isLostAfter }
}

describe('fromEventSource with server heartbeats', () => {
  it('has no stall limit for a server without heartbeats', async () => {
    const { feed, isLostAfter } = await listen()
    feed.send('a')
    expect(await isLostAfter(3_600_000)).toBe(false)
  })

  it.each([25_000, 40_000, 110_000])('keeps a quiet connection with a heartbeat every %i ms', async (everyMs) => {
    const { feed, isLostAfter } = await listen()
    for (let times = 0; times < 10; times += 1) {
      expect(await isLostAfter(everyMs)).toBe(false)
      feed.write(HEARTBEAT)
    }
    expect(await isLostAfter(2.5 * everyMs - 1)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })

  it('does not treat a greeting as a heartbeat', async () => {
    const { feed, isLostAfter } = await listen()
    feed.write(': welcome\n\n')
    feed.write(`:${' '.repeat(2_048)}\n\n`)
    expect(await isLostAfter(25_000)).toBe(false)
    feed.write(HEARTBEAT)
    expect(await isLostAfter(62_499)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })

  it('measures the heartbeat interval even with events in between', async () => {
    const { feed, isLostAfter } = await listen()
    for (let seconds = 1; seconds <= 75; seconds += 1) {
      await net.advance(1_000)
      feed.write(seconds % 25 === 0 ? HEARTBEAT : 'data: a\n\n')
    }
    expect(await isLostAfter(62_499)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })

  it('has a stall limit of at least 20 s', async () => {
    const { feed, isLostAfter } = await listen()
    for (let times = 0; times < 3; times += 1) {
      await net.advance(2_000)
      feed.write(HEARTBEAT)
    }
    expect(await isLostAfter(19_999)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })
})
