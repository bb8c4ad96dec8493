import { concat, type Observable, of, throwError } from 'rxjs'
import { WireError, type WireEvent } from 'rxwire'
import { liveQueryOptions, wireQueryOptions } from 'rxwire/query'
import { describe, expect, it } from 'vitest'
import { queryKey } from './feed-query.ts'
import { createClient, observe } from './observe.ts'

const refusal = new WireError('closed', 'the session has ended')

/** Emits the events in one tick. */
function atOnce(...events: readonly WireEvent<string>[]): Observable<WireEvent<string>> {
  return of(...events)
}

const message: WireEvent<string> = { type: 'message', data: 'a', id: '1' }

describe('a wire whose message and failure come in one tick', () => {
  it('fails a live query, and keeps the message', async () => {
    const wire = () =>
      concat(
        atOnce(message),
        throwError(() => refusal),
      )
    const feed = observe(createClient(), liveQueryOptions({ queryKey, wire, keep: 10 }))
    await expect.poll(() => feed.now()).toMatchObject({ status: 'error', error: refusal, data: ['a'] })
    expect(feed.now().fetchStatus).toBe('idle')
  })

  it('fails a finite query, and keeps the message', async () => {
    const wire = () =>
      concat(
        atOnce(message),
        throwError(() => refusal),
      )
    const feed = observe(createClient(), wireQueryOptions({ queryKey, wire, keep: 10 }))
    await expect.poll(() => feed.now()).toMatchObject({ status: 'error', error: refusal, data: ['a'] })
  })
})

describe('messages that start over', () => {
  const reset: WireEvent<string> = { type: 'open', continuity: 'reset' }
  const later: WireEvent<string> = { type: 'message', data: 'b', id: '7' }

  it('replace the data of a live query, and its cursor', async () => {
    const client = createClient()
    const options = liveQueryOptions({ queryKey, wire: () => atOnce(message, reset, later), keep: 10 })
    const feed = observe(client, options)
    await expect.poll(() => feed.now().data).toEqual(['b'])
    expect(client.getQueryData(options.queryKey)).toEqual({ data: ['b'], cursor: '7' })
  })

  it('empty a live query until the next message', async () => {
    const client = createClient()
    const options = liveQueryOptions({ queryKey, wire: () => atOnce(message, reset), keep: 10 })
    const feed = observe(client, options)
    await expect.poll(() => feed.now()).toMatchObject({ data: [], fetchStatus: 'idle' })
    expect(client.getQueryData(options.queryKey)).toEqual({ data: [], cursor: undefined })
  })

  it('replace the data of a finite query', async () => {
    const options = wireQueryOptions({ queryKey, wire: () => atOnce(message, reset, later), keep: 10 })
    const feed = observe(createClient(), options)
    await expect.poll(() => feed.now()).toMatchObject({ status: 'success', data: ['b'] })
  })
})
