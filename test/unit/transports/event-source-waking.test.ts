import { type EventSourceOptions, fromEventSource } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

/** A stream that sent `said`, `afterMs` after its head, on a page that has just slept. */
async function wake(said: string, options: EventSourceOptions<string> = {}, afterMs = 0) {
  const feed = net.log('/feed')
  const seen = recordWire(fromEventSource('/feed', options))
  await net.advance()
  // A heartbeat needs an earlier one.
  if (afterMs > 0) feed.write(': heartbeat\n\n')
  await net.advance(afterMs)
  feed.write(said)
  await net.advance()
  // The connection has survived the sleep.
  net.shiftClock(3_600_000)
  await net.advance(10_000)
  const isLostAfter = async (ms: number) => {
    await net.advance(ms)
    return seen.types.includes('waiting')
  }
  return { feed, seen, isLostAfter }
}

describe('fromEventSource after a sleep', () => {
  it('replaces a silent connection after ten seconds if it can resume from an id', async () => {
    const { seen, isLostAfter } = await wake('id: 7\ndata: a\n\n')
    expect(await isLostAfter(9_999)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', attempt: 0 })
  })

  it('keeps the connection if events have no ids', async () => {
    const { isLostAfter } = await wake('data: a\n\n')
    expect(await isLostAfter(3_600_000)).toBe(false)
  })

  it.each([
    ['derived from heartbeats', 25_000, {}, ': heartbeat\n\nid: 7\ndata: a\n\n', 10_000],
    ['set by the caller', 15_000, { stallTimeoutMs: 15_000 }, 'id: 7\ndata: a\n\n', 0],
  ])('keeps a silent connection for the stall limit %s', async (_, limitMs, options, said, afterMs) => {
    const { isLostAfter } = await wake(said, options, afterMs)
    expect(await isLostAfter(limitMs - 1)).toBe(false)
    expect(await isLostAfter(limitMs)).toBe(true)
  })

  it('keeps the connection if a heartbeat arrives', async () => {
    const { feed, isLostAfter } = await wake(': heartbeat\n\nid: 7\ndata: a\n\n', {}, 10_000)
    await net.advance(5_000)
    feed.write(': heartbeat\n\n')
    expect(await isLostAfter(19_999)).toBe(false)
  })
})
