import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'
import { WireError } from 'rxwire'
import { liveQueryOptions, queryConnection } from 'rxwire/query'
import { describe, expect, it, onTestFinished } from 'vitest'
import { queryKey } from './feed-query.ts'
import { createClient, observe } from './observe.ts'

/** A live query over a wire that the test emits on, and the states of its connection. */
function live() {
  const client = createClient()
  const wire = new Subject<WireEvent<string>>()
  const states: string[] = []
  const subscription = queryConnection(client, queryKey).subscribe(({ connection }) => states.push(connection))
  onTestFinished(() => subscription.unsubscribe())
  const start = () => observe(client, liveQueryOptions({ queryKey, wire: () => wire, keep: 3 }))
  const connected = () => expect.poll(() => wire.observed).toBe(true)
  return { client, wire, states, start, connected }
}

const lost = new WireError('network', 'lost', { retryable: true })
const waiting: WireEvent<string> = { type: 'waiting', attempt: 1, delayMs: 60_000, cause: lost }
const message: WireEvent<string> = { type: 'message', data: 'a' }

describe('queryConnection', () => {
  it('says that a query reconnects whose status is success and idle', async () => {
    const { client, wire, states, start, connected } = live()
    const feed = start()
    await connected()
    for (const type of ['connecting', 'open'] as const) wire.next({ type, attempt: 0 })
    wire.next(message)
    wire.next(waiting)
    await expect.poll(() => feed.now()).toMatchObject({ status: 'success', fetchStatus: 'idle' })
    expect(states).toEqual(['idle', 'connecting', 'open', 'waiting'])
    let now: unknown
    queryConnection(client, queryKey)
      .subscribe((state) => {
        now = state
      })
      .unsubscribe()
    expect(now).toMatchObject({ connection: 'waiting', attempt: 1, error: lost })
  })

  it('is idle after the last observer has left, and connects with the next', async () => {
    const { wire, states, start, connected } = live()
    const feed = start()
    await connected()
    wire.next(message)
    feed.leave()
    await expect.poll(() => wire.observed).toBe(false)
    expect(states).toEqual(['idle', 'open', 'idle'])
    start()
    await connected()
    wire.next(message)
    expect(states.at(-1)).toBe('open')
  })

  it('is idle after a query whose wire has failed was removed', async () => {
    const { client, wire, states, start, connected } = live()
    start()
    await connected()
    wire.error(lost)
    client.removeQueries({ queryKey })
    await expect.poll(() => states.at(-1)).toBe('idle')
  })

  it.each([
    ['closed', (wire: Subject<WireEvent<string>>) => wire.complete()],
    ['failed', (wire: Subject<WireEvent<string>>) => wire.error(lost)],
  ])('stays %s when the wire has ended so', async (last, end) => {
    const { wire, states, start, connected } = live()
    const feed = start()
    await connected()
    wire.next(message)
    end(wire)
    await expect.poll(() => feed.now().fetchStatus).toBe('idle')
    expect(states).toEqual(['idle', 'open', last])
  })
})
