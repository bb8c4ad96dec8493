import { dehydrate } from '@tanstack/query-core'
import { EMPTY, from, NEVER, of } from 'rxjs'
import { fromFetch, fromFetchStream, isWireError, json, ndjson, sse, type WireEvent } from 'rxwire'
import { wireQueryOptions } from 'rxwire/query'
import { expect, it, vi } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { createClient, observe } from './observe.ts'

const queryKey = ['rows'] as const

/** A query for the number of rows and their sum. */
function rowsOf(server: Backend, query: Record<string, string | number>) {
  return wireQueryOptions({
    queryKey,
    wire: () => fromFetchStream(server.url('/stream/ndjson', query), { decode: ndjson<{ n: number }>() }),
    initial: { count: 0, sum: 0 },
    fold: ({ count, sum }, { n }) => ({ count: count + 1, sum: sum + n }),
  })
}

it('is pending until the wire completes, and shows the data received so far', async () => {
  const client = createClient()
  const rows = observe(client, rowsOf(backend(), { count: 30, everyMs: 10 }))
  await expect.poll(() => rows.now().data?.count).toBeGreaterThan(0)
  expect(rows.now()).toMatchObject({ status: 'pending', fetchStatus: 'fetching' })
  await expect.poll(() => rows.now().status).toBe('success')
  expect(rows.now()).toMatchObject({ data: { count: 30, sum: 465 }, fetchStatus: 'idle', isStale: false })
  expect(rows.results.filter(({ status, data }) => status === 'pending' && data !== undefined).length).toBeGreaterThan(
    3,
  )
})

it('resolves a fetch with the complete response', async () => {
  const client = createClient()
  const options = rowsOf(backend(), { count: 500 })
  await expect(client.fetchQuery(options)).resolves.toEqual({ count: 500, sum: 125_250 })
  expect(client.getQueryData(options.queryKey)).toEqual({ count: 500, sum: 125_250 })
})

it('shares a running request with later observers', async () => {
  const server = backend()
  const client = createClient()
  const first = observe(client, rowsOf(server, { count: 40, everyMs: 10 }))
  await expect.poll(() => first.now().data?.count).toBeGreaterThan(0)
  const second = observe(client, rowsOf(server, { count: 40, everyMs: 10 }))
  await expect(client.fetchQuery(rowsOf(server, { count: 40, everyMs: 10 }))).resolves.toMatchObject({ count: 40 })
  expect(second.now().data).toEqual({ count: 40, sum: 820 })
  expect((await server.stats()).seen).toHaveLength(1)
})

it('closes the connection after the last observer, and drops the partial data', async () => {
  const server = backend()
  const client = createClient()
  const rows = observe(client, rowsOf(server, { count: 10_000, everyMs: 10 }))
  await expect.poll(() => rows.now().data?.count).toBeGreaterThan(0)
  rows.leave()
  await server.expectNoConnections()
  expect(client.getQueryState(queryKey)).toMatchObject({ status: 'pending', fetchStatus: 'idle', data: undefined })
})

it('shows a refetch from its first message on, and restores the previous data when it is aborted', async () => {
  const server = backend()
  const client = createClient()
  await client.fetchQuery(rowsOf(server, { count: 9_000 }))
  const rows = observe(client, rowsOf(server, { count: 10_000, everyMs: 10 }))
  expect(rows.now()).toMatchObject({ data: { count: 9_000 }, fetchStatus: 'idle' })
  const invalidated = client.invalidateQueries({ queryKey })
  await expect.poll(() => rows.now().data?.count).toBeLessThan(9_000)
  expect(rows.now()).toMatchObject({ status: 'success', fetchStatus: 'fetching', isStale: true })
  rows.leave()
  await invalidated
  expect(client.getQueryData(queryKey)).toMatchObject({ count: 9_000 })
})

it('does not dehydrate a partial response', async () => {
  const client = createClient()
  const rows = observe(client, rowsOf(backend(), { count: 1_000, everyMs: 10 }))
  await expect.poll(() => rows.now().data?.count).toBeGreaterThan(0)
  expect(dehydrate(client).queries).toEqual([])
})

it('fails when its wire fails, and keeps the data received so far', async () => {
  const server = backend()
  const client = createClient()
  const answer = wireQueryOptions({
    queryKey,
    wire: () =>
      fromFetchStream(server.url('/stream/ndjson', { count: 8, bad: 6 }), {
        decode: ndjson<{ n: number }>(),
        onBadMessage: 'fail',
      }),
    keep: 3,
  })
  const rows = observe(client, answer)
  await expect.poll(() => rows.now().status).toBe('error')
  expect(rows.now()).toMatchObject({ error: { kind: 'decode' }, data: [{ n: 3 }, { n: 4 }, { n: 5 }] })
  expect((await server.stats()).seen).toHaveLength(1)
})

it('connects once when an observer subscribes, unsubscribes and subscribes again at once', async () => {
  const client = createClient()
  const wire = vi.fn(() => of<WireEvent<string>>({ type: 'message', data: 'hello' }))
  const options = wireQueryOptions({ queryKey, wire })
  observe(client, options).leave()
  const word = observe(client, options)
  await expect.poll(() => word.now().data).toBe('hello')
  expect(wire).toHaveBeenCalledOnce()
})

it('keeps the last message by default', async () => {
  const server = backend()
  const options = wireQueryOptions({
    queryKey,
    wire: () => fromFetch(server.url('/http/json'), { decode: json<{ name: string }>() }),
  })
  await expect(createClient().fetchQuery(options)).resolves.toMatchObject({ name: 'Ada' })
})

it('accepts null as a message', async () => {
  const events: WireEvent<string | null>[] = ['hello', null].map((data) => ({ type: 'message', data }))
  const words = () => from(events)
  await expect(createClient().fetchQuery(wireQueryOptions({ queryKey, wire: words }))).resolves.toBe(null)
})

it('fails when its fold throws', async () => {
  const fold = (): number => {
    throw new Error('not like this')
  }
  const wire = () => of<WireEvent<string>>({ type: 'message', data: 'hello' })
  await expect(createClient().fetchQuery(wireQueryOptions({ queryKey, wire, initial: 0, fold }))).rejects.toThrow(
    'not like this',
  )
})

it('fails with an explanation when the wire completes without a message', async () => {
  const error: unknown = await createClient()
    .fetchQuery(wireQueryOptions({ queryKey, wire: () => EMPTY }))
    .catch((error) => error)
  expect(isWireError(error) && error.message).toContain('query ["rows"] ended without a message')
  await expect(
    createClient().fetchQuery(wireQueryOptions({ queryKey, wire: () => EMPTY, initial: 0, fold: (n) => n })),
  ).resolves.toBe(0)
})

it('fails, and does not throw, when the wire function throws', async () => {
  const wire = (): typeof NEVER => {
    throw new Error('no address')
  }
  await expect(createClient().fetchQuery(wireQueryOptions({ queryKey, wire }))).rejects.toThrow('no address')
})

it('throws for invalid options at the call', () => {
  const wire = () => NEVER
  expect(() => wireQueryOptions({ queryKey, wire, keep: 0 })).toThrow(TypeError)
  expect(() => wireQueryOptions({ queryKey, wire, keep: 1.5 })).toThrow('keep must be a positive integer, got 1.5')
  // @ts-expect-error not a function
  expect(() => wireQueryOptions({ queryKey, wire: NEVER, keep: 3 })).toThrow('wire must be a function')
  // @ts-expect-error not a function
  expect(() => wireQueryOptions({ queryKey, wire, initial: 0, fold: 1 })).toThrow('fold must be a function')
  // @ts-expect-error fold and keep are mutually exclusive
  expect(() => wireQueryOptions({ queryKey, wire, initial: 0, fold: (n: number) => n, keep: 3 })).toThrow(
    'mutually exclusive',
  )
})

/** A query that sends an unsafe request. */
function answerOf(server: Backend) {
  const url = server.url('/stream/answer', { words: 3 })
  const wire = () => fromFetchStream(url, { method: 'POST', decode: sse(), endMarker: '[DONE]' })
  return wireQueryOptions({ queryKey, wire, initial: 0, fold: (count) => count + 1 })
}

it('[law] 13: does not send an unsafe request again on refetch, and keeps the data', async () => {
  const server = backend()
  const answer = observe(createClient(), answerOf(server))
  await expect.poll(() => answer.now().status).toBe('success')
  await answer.refetch()
  expect(answer.now()).toMatchObject({ status: 'error', error: { kind: 'unrepeatable' }, data: 3 })
  expect((await server.stats()).seen).toHaveLength(1)
})

it('[law] 13: sends an unsafe request again after the query was removed', async () => {
  const server = backend()
  const client = createClient()
  await client.fetchQuery(answerOf(server))
  client.removeQueries({ queryKey })
  await client.fetchQuery(answerOf(server))
  expect((await server.stats()).seen).toHaveLength(2)
})
