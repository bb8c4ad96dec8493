import { dehydrate, hydrate, QueryObserver } from '@tanstack/query-core'
import { NEVER } from 'rxjs'
import { fromEventSource, fromFetchStream, sse, type WireError } from 'rxwire'
import { type LiveData, liveQueryOptions } from 'rxwire/query'
import { expect, it, vi } from 'vitest'
import { backend } from '../backend.ts'
import { endless, feedOf, queryKey } from './feed-query.ts'
import { createClient, observe } from './observe.ts'

function expectNoGapAndNoDouble(numbers: readonly number[] | undefined): void {
  expect(numbers).toEqual(Array.from(numbers ?? [], (_, index) => index + 1))
}

it('resolves with the first message, and pushes the rest', async () => {
  const client = createClient()
  const feed = observe(client, feedOf(backend()))
  expect(feed.now()).toMatchObject({ status: 'pending', fetchStatus: 'fetching' })
  await expect.poll(() => feed.now().status).toBe('success')
  expect(feed.now()).toMatchObject({ fetchStatus: 'idle', isStale: false })
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(20)
  expect(feed.now()).toMatchObject({ status: 'success', fetchStatus: 'idle', isStale: false })
  expectNoGapAndNoDouble(feed.now().data)
})

it('shares one connection between observers, and closes it after the last one', async () => {
  const server = backend()
  const client = createClient()
  const first = observe(client, feedOf(server))
  await expect.poll(() => first.now().data?.length).toBeGreaterThan(2)
  const second = observe(client, feedOf(server))
  expect(second.now().data?.length).toBeGreaterThan(2)
  first.leave()
  const before = second.now().data?.length ?? 0
  await expect.poll(() => second.now().data?.length).toBeGreaterThan(before + 5)
  expect(await server.stats()).toMatchObject({ peak: 1, open: 1, seen: { length: 1 } })
  second.leave()
  await server.expectNoConnections()
})

it('shares the connection also before the first message', async () => {
  const server = backend()
  const client = createClient()
  observe(client, feedOf(server, { path: '/sse/held' }))
  observe(client, feedOf(server, { path: '/sse/held' }))
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('resumes from the cursor for a later observer', async () => {
  const server = backend()
  const client = createClient()
  const first = observe(client, feedOf(server))
  await expect.poll(() => first.now().data?.length).toBeGreaterThan(5)
  first.leave()
  await server.expectNoConnections()
  const { data, cursor } = client.getQueryData<LiveData<number[]>>(queryKey) ?? {}
  expect(cursor).toBe(String(data?.length))
  const second = observe(client, feedOf(server))
  expect(second.now().data).toEqual(data)
  await expect.poll(() => second.now().data?.length).toBeGreaterThan((data?.length ?? 0) + 5)
  expectNoGapAndNoDouble(second.now().data)
  expect((await server.stats()).seen.map(({ lastEventId }) => lastEventId)).toEqual([undefined, cursor])
})

it('keeps its connection when one observer replaces another', async () => {
  const server = backend()
  const client = createClient()
  const first = observe(client, feedOf(server))
  await expect.poll(() => first.now().data?.length).toBeGreaterThan(2)
  first.leave()
  const second = observe(client, feedOf(server))
  const before = second.now().data?.length ?? 0
  await expect.poll(() => second.now().data?.length).toBeGreaterThan(before + 5)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('connects once when an observer subscribes, unsubscribes and subscribes again at once', async () => {
  const client = createClient()
  const wire = vi.fn(() => NEVER)
  const options = liveQueryOptions({ queryKey, wire, keep: 3 })
  observe(client, options).leave()
  observe(client, options)
  await expect.poll(() => wire.mock.calls.length).toBe(1)
  client.setQueryData(options.queryKey, { data: ['a'], cursor: '1' })
  await client.refetchQueries()
  await Promise.all([client.refetchQueries(), client.refetchQueries()])
  await expect.poll(() => wire.mock.calls.at(-1)).toEqual([{ resumeFrom: '1' }])
})

it('keeps its connection for lingerMs after the last observer', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server, { lingerMs: 60_000 }))
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(2)
  feed.leave()
  const lengthNow = () => client.getQueryData<LiveData<number[]>>(queryKey)?.data.length
  const before = lengthNow() ?? 0
  await expect.poll(lengthNow).toBeGreaterThan(before + 5)
  client.clear()
  await server.expectNoConnections()
})

it('reconnects from the cursor when it is invalidated, and resolves every invalidation', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server))
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(2)
  await client.invalidateQueries()
  await Promise.all([client.invalidateQueries(), client.refetchQueries(), feed.refetch()])
  const before = feed.now().data?.length ?? 0
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(before + 5)
  expectNoGapAndNoDouble(feed.now().data)
  // The server notices a little later that the previous connection was closed.
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  expect((await server.stats()).seen.length).toBeGreaterThan(1)
})

it('resolves an invalidation while it waits for its first message', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server, { path: '/sse/held' }))
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  await client.invalidateQueries()
  expect(feed.now()).toMatchObject({ status: 'success', data: [] })
  await client.invalidateQueries()
})

it('resolves an invalidation while the server is down', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server, { path: '/sse/unavailable' }))
  await expect.poll(async () => (await server.stats()).seen.length).toBe(1)
  await client.invalidateQueries()
  expect(feed.now().data).toEqual([])
})

it('starts again without a cursor when it is reset', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server))
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(5)
  await client.resetQueries()
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(5)
  expectNoGapAndNoDouble(feed.now().data)
  expect((await server.stats()).seen.map(({ lastEventId }) => lastEventId)).toEqual([undefined, undefined])
})

it('resumes on the client from the dehydrated cursor, without gaps or duplicates', async () => {
  const server = backend()
  const onServer = createClient()
  await onServer.prefetchQuery(feedOf(server))
  const page = JSON.stringify(dehydrate(onServer))
  await server.expectNoConnections()

  const client = createClient()
  hydrate(client, JSON.parse(page))
  const feed = observe(client, feedOf(server))
  const given = feed.now().data?.length ?? 0
  expect(given).toBeGreaterThan(0)
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(given + 5)
  expectNoGapAndNoDouble(feed.now().data)
  expect((await server.stats()).seen.at(-1)?.lastEventId).toBe(String(given))
})

it('resumes after dropped connections, without gaps or duplicates', async () => {
  const server = backend()
  const proxy = await server.proxy()
  const client = createClient()
  const feed = observe(
    client,
    liveQueryOptions({
      queryKey,
      wire: ({ resumeFrom }) => fromEventSource(proxy.url('/sse/feed', endless), { resumeFrom }),
      initial: [] as number[],
      fold: (numbers, n) => [...numbers, Number(n)],
    }),
  )
  for (let cut = 1; cut <= 2; cut += 1) {
    const before = feed.now().data?.length ?? 0
    await expect.poll(() => feed.now().data?.length).toBeGreaterThan(before + 3)
    await proxy.order({ cut: true })
  }
  const before = feed.now().data?.length ?? 0
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(before + 3)
  expectNoGapAndNoDouble(feed.now().data)
  expect(feed.results.some(({ isError }) => isError)).toBe(false)
})

it('reconnects when an observer changes to another key and back', async () => {
  const server = backend()
  const client = createClient()
  const one = { ...feedOf(server), queryKey: ['one'] }
  const two = { ...feedOf(server), queryKey: ['two'] }
  const observer = new QueryObserver<LiveData<number[]>, WireError, number[]>(client, one)
  const leave = observer.subscribe(() => {})
  const length = () => observer.getCurrentResult().data?.length ?? 0
  await expect.poll(length).toBeGreaterThan(3)
  observer.setOptions(two)
  await expect.poll(length).toBeGreaterThan(3)
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  observer.setOptions(one)
  const before = length()
  await expect.poll(length).toBeGreaterThan(before + 5)
  expectNoGapAndNoDouble(observer.getCurrentResult().data)
  leave()
  await server.expectNoConnections()
})

it('closes while it is disabled, and resumes when it is enabled', async () => {
  const server = backend()
  const client = createClient()
  const observer = new QueryObserver<LiveData<number[]>, WireError, number[]>(client, feedOf(server))
  const leave = observer.subscribe(() => {})
  const length = () => observer.getCurrentResult().data?.length ?? 0
  await expect.poll(length).toBeGreaterThan(3)
  observer.setOptions({ ...feedOf(server), enabled: false })
  await server.expectNoConnections()
  const before = length()
  observer.setOptions(feedOf(server))
  await expect.poll(length).toBeGreaterThan(before + 5)
  expectNoGapAndNoDouble(observer.getCurrentResult().data)
  leave()
})

it('[law] 13: does not send an unsafe request again on refetch, and keeps the data', async () => {
  const server = backend()
  const url = server.url('/stream/answer', { words: 3 })
  const wire = () => fromFetchStream(url, { method: 'POST', decode: sse(), endMarker: '[DONE]' })
  const answer = observe(createClient(), liveQueryOptions({ queryKey, wire, keep: 10 }))
  await expect.poll(() => answer.now().data).toHaveLength(3)
  await answer.refetch()
  await expect.poll(() => answer.now().status).toBe('error')
  expect(answer.now()).toMatchObject({ error: { kind: 'unrepeatable' } })
  expect(answer.now().data).toHaveLength(3)
  expect((await server.stats()).seen).toHaveLength(1)
})
