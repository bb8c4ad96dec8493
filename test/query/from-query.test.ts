import { filter, firstValueFrom, map, Subject, take, toArray } from 'rxjs'
import { fromEventSource, type WireEvent } from 'rxwire'
import { fromQuery, liveQueryOptions } from 'rxwire/query'
import { expect, it, vi } from 'vitest'
import { backend } from '../backend.ts'
import { createClient } from './observe.ts'

const queryKey = ['me'] as const

it('fetches on subscription, and emits the results of an observer', async () => {
  const server = backend()
  const client = createClient()
  const me = fromQuery(client, {
    queryKey,
    queryFn: async () => (await (await fetch(server.url('/http/json'))).json()) as { name: string },
  })
  expect((await server.stats()).seen).toHaveLength(0)
  const results = await firstValueFrom(me.pipe(take(2), toArray()))
  expect(results).toMatchObject([
    { status: 'pending', fetchStatus: 'fetching' },
    { status: 'success', data: { name: 'Ada' } },
  ])
})

it('starts with the current result', async () => {
  const client = createClient()
  client.setQueryData(queryKey, 'Ada')
  const me = fromQuery(client, { queryKey, queryFn: () => 'Grace', staleTime: Number.POSITIVE_INFINITY })
  const seen: (string | undefined)[] = []
  const subscription = me.subscribe(({ data }) => seen.push(data))
  expect(seen).toEqual(['Ada'])
  client.setQueryData(queryKey, 'Joan')
  await expect.poll(() => seen).toEqual(['Ada', 'Joan'])
  subscription.unsubscribe()
})

it('emits a failure as a result, and does not end', async () => {
  const client = createClient()
  const queryFn = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('not now')).mockResolvedValue('Ada')
  const results: unknown[] = []
  const subscription = fromQuery(client, { queryKey, queryFn, retry: false }).subscribe(({ error, data }) =>
    results.push(data ?? error?.message),
  )
  await expect.poll(() => results).toContain('not now')
  await client.refetchQueries()
  await expect.poll(() => results.at(-1)).toBe('Ada')
  subscription.unsubscribe()
})

it('observes the query while it is subscribed', async () => {
  const server = backend()
  const client = createClient()
  const feed = fromQuery(
    client,
    liveQueryOptions({
      queryKey,
      wire: ({ resumeFrom }) =>
        fromEventSource(server.url('/sse/feed', { count: 100_000, everyMs: 5 }), { resumeFrom }),
      keep: 3,
    }),
  )
  const two = [feed.subscribe(), feed.subscribe()]
  await firstValueFrom(feed.pipe(filter(({ data }) => data?.length === 3)))
  expect(await server.stats()).toMatchObject({ open: 1, seen: { length: 1 } })
  for (const subscription of two) subscription.unsubscribe()
  await server.expectNoConnections()
})

it('stops observing when it is unsubscribed during its first result', async () => {
  const client = createClient()
  const wire = new Subject<WireEvent<number>>()
  const options = liveQueryOptions({ queryKey, wire: () => wire, keep: 3 })
  await firstValueFrom(fromQuery(client, options).pipe(map(({ status }) => status)))
  expect(client.getQueryCache().find({ queryKey })?.getObserversCount()).toBe(0)
  await Promise.resolve()
  expect(wire.observed).toBe(false)
})
