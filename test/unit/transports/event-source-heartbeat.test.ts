import { fromEventSource } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { streamServer } from '../support/stream-server.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

const HEARTBEAT = ': still here\n\n'

/** A session with a stream that the test writes to. */
async function listen() {
  const { fetch, say } = streamServer()
  const session = record(fromEventSource('http://localhost/feed', { fetch }))
  await vi.advanceTimersByTimeAsync(0)
  const isLostAfter = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    return session.types().includes('waiting')
  }
  return { say, isLostAfter }
}

describe('fromEventSource with server heartbeats', () => {
  it('has no stall limit for a server without heartbeats', async () => {
    const { say, isLostAfter } = await listen()
    await say('data: a\n\n')
    expect(await isLostAfter(3_600_000)).toBe(false)
  })

  it.each([25_000, 40_000, 110_000])('keeps a quiet connection with a heartbeat every %i ms', async (everyMs) => {
    const { say, isLostAfter } = await listen()
    for (let times = 0; times < 10; times += 1) {
      expect(await isLostAfter(everyMs)).toBe(false)
      await say(HEARTBEAT)
    }
    expect(await isLostAfter(2.5 * everyMs - 1)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })

  it('does not treat a greeting as a heartbeat', async () => {
    const { say, isLostAfter } = await listen()
    await say(': welcome\n\n')
    await say(`:${' '.repeat(2_048)}\n\n`)
    expect(await isLostAfter(25_000)).toBe(false)
    await say(HEARTBEAT)
    expect(await isLostAfter(62_499)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })

  it('measures the heartbeat interval even with events in between', async () => {
    const { say, isLostAfter } = await listen()
    for (let seconds = 1; seconds <= 75; seconds += 1) {
      await vi.advanceTimersByTimeAsync(1_000)
      await say(seconds % 25 === 0 ? HEARTBEAT : 'data: a\n\n')
    }
    expect(await isLostAfter(62_499)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })

  it('has a stall limit of at least 20 s', async () => {
    const { say, isLostAfter } = await listen()
    for (let times = 0; times < 3; times += 1) {
      await vi.advanceTimersByTimeAsync(2_000)
      await say(HEARTBEAT)
    }
    expect(await isLostAfter(19_999)).toBe(false)
    expect(await isLostAfter(1)).toBe(true)
  })
})
