import { type EventSourceOptions, fromEventSource } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { stubPageForTest } from '../support/page.ts'
import { streamServer } from '../support/stream-server.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

/** A stream that sent `said`, `afterMs` after its head, on a page that has just slept. */
async function wake(said: string, options: EventSourceOptions<string> = {}, afterMs = 0) {
  const page = stubPageForTest()
  const { fetch, say } = streamServer()
  const session = record(fromEventSource('http://localhost/feed', { ...options, fetch }))
  await vi.advanceTimersByTimeAsync(0)
  await vi.advanceTimersByTimeAsync(afterMs)
  await say(said)
  page.sleep(3_600_000)
  await vi.advanceTimersByTimeAsync(10_000)
  const passes = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    return session.types().includes('waiting')
  }
  return { session, say, passes }
}

describe('fromEventSource after a sleep', () => {
  it('replaces a silent connection after ten seconds if it can resume from an id', async () => {
    const { session, passes } = await wake('id: 7\ndata: a\n\n')
    expect(await passes(9_999)).toBe(false)
    expect(await passes(1)).toBe(true)
    expect(session.events.at(-1)).toMatchObject({ type: 'waiting', attempt: 0 })
  })

  it('keeps the connection if events have no ids', async () => {
    const { passes } = await wake('data: a\n\n')
    expect(await passes(3_600_000)).toBe(false)
  })

  it.each([
    ['derived from heartbeats', 25_000, {}, ': heartbeat\n\nid: 7\ndata: a\n\n', 10_000],
    ['set by the caller', 15_000, { stallTimeoutMs: 15_000 }, 'id: 7\ndata: a\n\n', 0],
  ])('keeps a silent connection for the stall limit %s', async (_, limitMs, options, said, afterMs) => {
    const { passes } = await wake(said, options, afterMs)
    expect(await passes(limitMs - 1)).toBe(false)
    expect(await passes(limitMs)).toBe(true)
  })

  it('keeps the connection if a heartbeat arrives', async () => {
    const { say, passes } = await wake(': heartbeat\n\nid: 7\ndata: a\n\n', {}, 10_000)
    await passes(5_000)
    await say(': heartbeat\n\n')
    expect(await passes(19_999)).toBe(false)
  })
})
