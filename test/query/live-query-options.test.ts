import {
  dehydrate,
  focusManager,
  hydrate,
  onlineManager,
  QueryCache,
  QueryClient,
  QueryObserver,
} from '@tanstack/query-core'
import { concatWith, NEVER, of, Subject } from 'rxjs'
import { fromEventSource, type WireError, type WireEvent } from 'rxwire'
import { type LiveData, liveQueryOptions } from 'rxwire/query'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { createClient, observe } from './observe.ts'

const queryKey = ['feed'] as const
const endless = { count: 100_000, everyMs: 5 }

/** The numbers of the feed, all of them. */
function feedOf(server: Backend, { path = '/sse/feed', lingerMs = 0, ...query } = {} as FeedQuery) {
  return liveQueryOptions({
    queryKey,
    wire: ({ cursor }) => fromEventSource(server.url(path, { ...endless, ...query }), { lastEventId: cursor }),
    initial: [] as number[],
    fold: (numbers, n) => [...numbers, Number(n)],
    lingerMs,
  })
}

type FeedQuery = { path?: string; lingerMs?: number; [name: string]: string | number | undefined }

function expectNoGapAndNoDouble(numbers: readonly number[] | undefined): void {
  expect(numbers).toEqual(Array.from(numbers ?? [], (_, index) => index + 1))
}

it('settles with the first message, and pushes the rest', async () => {
  const client = createClient()
  const feed = observe(client, feedOf(backend()))
  expect(feed.now()).toMatchObject({ status: 'pending', fetchStatus: 'fetching' })
  await expect.poll(() => feed.now().status).toBe('success')
  expect(feed.now()).toMatchObject({ fetchStatus: 'idle', isStale: false })
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(20)
  expect(feed.now()).toMatchObject({ status: 'success', fetchStatus: 'idle', isStale: false })
  expectNoGapAndNoDouble(feed.now().data)
})

it('has one connection for all who observe, and ends it when nobody does', async () => {
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

it('goes on from the cursor for who comes back', async () => {
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

it('keeps its connection while one leaves and another comes', async () => {
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

it('connects once, although somebody comes, leaves and comes back at once', async () => {
  const client = createClient()
  const wire = vi.fn(() => NEVER)
  const options = liveQueryOptions({ queryKey, wire, keep: 3 })
  observe(client, options).leave()
  observe(client, options)
  await expect.poll(() => wire.mock.calls.length).toBe(1)
  client.setQueryData(options.queryKey, { data: ['a'], cursor: '1' })
  await client.refetchQueries()
  await Promise.all([client.refetchQueries(), client.refetchQueries()])
  await expect.poll(() => wire.mock.calls.at(-1)).toEqual([{ cursor: '1' }])
})

it('lingers as long as it is told', async () => {
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

it('reconnects from the cursor when it is invalidated, and never hangs', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server))
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(2)
  await client.invalidateQueries()
  await Promise.all([client.invalidateQueries(), client.refetchQueries(), feed.refetch()])
  const before = feed.now().data?.length ?? 0
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(before + 5)
  expectNoGapAndNoDouble(feed.now().data)
  // The server hears a little later that the one before was closed.
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  expect((await server.stats()).seen.length).toBeGreaterThan(1)
})

it('settles an invalidation also while it waits for its first message', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server, { path: '/sse/held' }))
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  await client.invalidateQueries()
  expect(feed.now()).toMatchObject({ status: 'success', data: [] })
  await client.invalidateQueries()
})

it('settles an invalidation also while the server is down', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server, { path: '/sse/unavailable' }))
  await expect.poll(async () => (await server.stats()).seen.length).toBe(1)
  await client.invalidateQueries()
  expect(feed.now().data).toEqual([])
})

it('begins anew when it is reset', async () => {
  const server = backend()
  const client = createClient()
  const feed = observe(client, feedOf(server))
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(5)
  await client.resetQueries()
  await expect.poll(() => feed.now().data?.length).toBeGreaterThan(5)
  expectNoGapAndNoDouble(feed.now().data)
  expect((await server.stats()).seen.map(({ lastEventId }) => lastEventId)).toEqual([undefined, undefined])
})

it('goes live on the client where the server has dehydrated it, without a gap and without a double', async () => {
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

it('survives cuts without a gap and without a double', async () => {
  const server = backend()
  const proxy = await server.proxy()
  const client = createClient()
  const feed = observe(
    client,
    liveQueryOptions({
      queryKey,
      wire: ({ cursor }) => fromEventSource(proxy.url('/sse/feed', endless), { lastEventId: cursor }),
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

it('goes live again when an observer changes to another key and back', async () => {
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

it('ends while it is disabled, and goes on from there', async () => {
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

it('fails with the first failure that its wire does not survive', async () => {
  const server = backend()
  const feed = observe(createClient(), feedOf(server, { path: '/sse/status', status: 404 }))
  await expect.poll(() => feed.now().status).toBe('error')
  expect(feed.now()).toMatchObject({ error: { kind: 'http', status: 404 }, data: undefined })
  expect((await server.stats()).seen).toHaveLength(1)
})

it('keeps its data when it fails later, tells every listener of the cache, and reconnects on demand', async () => {
  const onError = vi.fn()
  const client = new QueryClient({ queryCache: new QueryCache({ onError }) })
  const wires = [new Subject<WireEvent<string>>(), new Subject<WireEvent<string>>()]
  const cursors: (string | undefined)[] = []
  const options = liveQueryOptions({
    queryKey,
    wire: ({ cursor }) => {
      cursors.push(cursor)
      return wires[cursors.length - 1] ?? NEVER
    },
    keep: 10,
  })
  const feed = observe(client, options)
  await expect.poll(() => wires[0]?.observed).toBe(true)
  wires[0]?.next({ type: 'message', data: 'a', id: '1' })
  await expect.poll(() => feed.now().data).toEqual(['a'])
  wires[0]?.error(new Error('the last straw'))
  await expect.poll(() => feed.now()).toMatchObject({ status: 'error', data: ['a'], fetchStatus: 'idle' })
  expect(onError).toHaveBeenCalledOnce()
  await feed.refetch()
  expect(feed.now().status).toBe('success')
  await expect.poll(() => wires[1]?.observed).toBe(true)
  wires[1]?.next({ type: 'message', data: 'b' })
  await expect.poll(() => feed.now().data).toEqual(['a', 'b'])
  expect(cursors).toEqual([undefined, '1'])
  expect(client.getQueryData(options.queryKey)?.cursor).toBe('1')
})

it('fails when its fold throws, and takes no more messages', async () => {
  const wire = new Subject<WireEvent<string>>()
  const fold = (count: number, message: string) => {
    if (message === 'bad') throw new Error('not like this')
    return count + 1
  }
  const feed = observe(createClient(), liveQueryOptions({ queryKey, wire: () => wire, initial: 0, fold }))
  await expect.poll(() => wire.observed).toBe(true)
  wire.next({ type: 'message', data: 'good' })
  await expect.poll(() => feed.now().data).toBe(1)
  wire.next({ type: 'message', data: 'bad' })
  await expect.poll(() => feed.now()).toMatchObject({ status: 'error', data: 1, error: new Error('not like this') })
  expect(wire.observed).toBe(false)
})

it('keeps its connection when the page is looked at again, and when the network is back', async () => {
  const client = createClient()
  client.mount()
  onTestFinished(() => client.unmount())
  const wire = vi.fn(() => of<WireEvent<string>>({ type: 'message', data: 'hello' }).pipe(concatWith(NEVER)))
  const feed = observe(client, liveQueryOptions({ queryKey, wire }))
  await expect.poll(() => feed.now().data).toBe('hello')
  const results = feed.results.length
  for (const isThere of [false, true]) {
    focusManager.setFocused(isThere)
    onlineManager.setOnline(isThere)
  }
  await client.fetchQuery({ queryKey: ['another'], queryFn: () => 'fetched meanwhile' })
  expect(feed.results).toHaveLength(results)
  expect(wire).toHaveBeenCalledOnce()
})

it('takes nothing back when a refetch is answered at once', async () => {
  const three = Array.from({ length: 3 }, (_, n): WireEvent<number> => ({ type: 'message', data: n }))
  const options = liveQueryOptions({ queryKey, wire: () => of(...three), initial: 0, fold: (count) => count + 1 })
  const feed = observe(createClient(), options)
  await expect.poll(() => feed.now()).toMatchObject({ fetchStatus: 'idle', data: 3 })
  await feed.refetch()
  await expect.poll(() => feed.now()).toMatchObject({ fetchStatus: 'idle', data: 6 })
})

it('loses nothing that waits for its frame when it reconnects or is left', async () => {
  const client = createClient()
  const wires = [new Subject<WireEvent<string>>(), new Subject<WireEvent<string>>()]
  const cursors: (string | undefined)[] = []
  const options = liveQueryOptions({
    queryKey,
    wire: ({ cursor }) => wires[cursors.push(cursor) - 1] ?? NEVER,
    keep: 10,
  })
  const feed = observe(client, options)
  await expect.poll(() => wires[0]?.observed).toBe(true)
  wires[0]?.next({ type: 'message', data: 'a', id: '1' })
  await expect.poll(() => feed.now().data).toEqual(['a'])
  wires[0]?.next({ type: 'message', data: 'b', id: '2' })
  await feed.refetch()
  await expect.poll(() => wires[1]?.observed).toBe(true)
  expect(wires[0]?.observed).toBe(false)
  wires[1]?.next({ type: 'message', data: 'c', id: '3' })
  feed.leave()
  await expect.poll(() => wires[1]?.observed).toBe(false)
  expect(cursors).toEqual([undefined, '2'])
  expect(client.getQueryData(options.queryKey)).toEqual({ data: ['a', 'b', 'c'], cursor: '3' })
})

it('writes to the cache at most once a frame', async () => {
  const client = createClient()
  const wire = new Subject<WireEvent<number>>()
  const feed = observe(client, liveQueryOptions({ queryKey, wire: () => wire, keep: 1_000 }))
  await expect.poll(() => wire.observed).toBe(true)
  wire.next({ type: 'message', data: 0 })
  await expect.poll(() => feed.now().status).toBe('success')
  const before = feed.results.length
  for (let n = 1; n <= 500; n += 1) {
    wire.next({ type: 'message', data: n })
    // What is no message does not hurry those that are.
    wire.next({ type: 'progress', direction: 'download', loaded: n })
  }
  await expect.poll(() => feed.now().data?.length).toBe(501)
  expect(feed.results.length - before).toBe(1)
})

it('gives each observer what it selects', async () => {
  const feed = observe(
    createClient(),
    liveQueryOptions({
      queryKey,
      wire: () => of<WireEvent<string>>({ type: 'message', data: 'hello' }),
      select: (word) => word?.length,
    }),
  )
  await expect.poll(() => feed.now().data).toBe(5)
})

it('folds into what others have written meanwhile', async () => {
  const client = createClient()
  const wire = new Subject<WireEvent<string>>()
  const options = liveQueryOptions({ queryKey, wire: () => wire, keep: 10 })
  const feed = observe(client, options)
  await expect.poll(() => wire.observed).toBe(true)
  wire.next({ type: 'message', data: 'a', id: '1' })
  await expect.poll(() => feed.now().data).toEqual(['a'])
  client.setQueryData(options.queryKey, (entry) => entry && { ...entry, data: ['edited'] })
  wire.next({ type: 'message', data: 'b' })
  await expect.poll(() => feed.now().data).toEqual(['edited', 'b'])
  expect(client.getQueryData(options.queryKey)?.cursor).toBe('1')
})

it('refuses options that make no sense at once', () => {
  const wire = () => NEVER
  expect(() => liveQueryOptions({ queryKey, wire, lingerMs: -1 })).toThrow('lingerMs must be a number of 0 or more')
  // @ts-expect-error not a function
  expect(() => liveQueryOptions({ queryKey, wire: NEVER, keep: 3 })).toThrow('wire must be a function')
})
