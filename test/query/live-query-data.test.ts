import { focusManager, onlineManager, QueryCache, QueryClient } from '@tanstack/query-core'
import { concatWith, NEVER, of, Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'
import { liveQueryOptions } from 'rxwire/query'
import { expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'
import { feedOf, queryKey } from './feed-query.ts'
import { createClient, observe } from './observe.ts'

it('fails with the error that ends its wire', async () => {
  const server = backend()
  const feed = observe(createClient(), feedOf(server, { path: '/sse/status', status: 404 }))
  await expect.poll(() => feed.now().status).toBe('error')
  expect(feed.now()).toMatchObject({ error: { kind: 'http', status: 404 }, data: undefined })
  expect((await server.stats()).seen).toHaveLength(1)
})

it('keeps its data when it fails later, calls onError of the cache, and reconnects on refetch', async () => {
  const onError = vi.fn()
  const client = new QueryClient({ queryCache: new QueryCache({ onError }) })
  const wires = [new Subject<WireEvent<string>>(), new Subject<WireEvent<string>>()]
  const cursors: (string | undefined)[] = []
  const options = liveQueryOptions({
    queryKey,
    wire: ({ resumeFrom }) => {
      cursors.push(resumeFrom)
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

it('fails when its fold throws, and unsubscribes from the wire', async () => {
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

it('keeps its connection when the page is focused or online again', async () => {
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

it('keeps the data when the wire of a refetch emits synchronously', async () => {
  const three = Array.from({ length: 3 }, (_, n): WireEvent<number> => ({ type: 'message', data: n }))
  const options = liveQueryOptions({ queryKey, wire: () => of(...three), initial: 0, fold: (count) => count + 1 })
  const feed = observe(createClient(), options)
  await expect.poll(() => feed.now()).toMatchObject({ fetchStatus: 'idle', data: 3 })
  await feed.refetch()
  await expect.poll(() => feed.now()).toMatchObject({ fetchStatus: 'idle', data: 6 })
})

it('loses no pending message when it reconnects or is unsubscribed before the animation frame', async () => {
  const client = createClient()
  const wires = [new Subject<WireEvent<string>>(), new Subject<WireEvent<string>>()]
  const cursors: (string | undefined)[] = []
  const options = liveQueryOptions({
    queryKey,
    wire: ({ resumeFrom }) => wires[cursors.push(resumeFrom) - 1] ?? NEVER,
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

it('writes to the cache at most once per animation frame', async () => {
  const client = createClient()
  const wire = new Subject<WireEvent<number>>()
  const feed = observe(client, liveQueryOptions({ queryKey, wire: () => wire, keep: 1_000 }))
  await expect.poll(() => wire.observed).toBe(true)
  wire.next({ type: 'message', data: 0 })
  await expect.poll(() => feed.now().status).toBe('success')
  const before = feed.results.length
  for (let n = 1; n <= 500; n += 1) {
    wire.next({ type: 'message', data: n })
    // Other events do not flush the pending messages.
    wire.next({ type: 'progress', direction: 'download', loaded: n })
  }
  await expect.poll(() => feed.now().data?.length).toBe(501)
  expect(feed.results.length - before).toBe(1)
})

it('passes the selected data to the observer', async () => {
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

it('folds into data that other code wrote to the cache', async () => {
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

it('throws for invalid options at the call', () => {
  const wire = () => NEVER
  expect(() => liveQueryOptions({ queryKey, wire, lingerMs: -1 })).toThrow(
    'lingerMs must be a non-negative number, got -1',
  )
  // @ts-expect-error not a function
  expect(() => liveQueryOptions({ queryKey, wire: NEVER, keep: 3 })).toThrow('wire must be a function')
})
