import { dehydrate } from '@tanstack/query-core'
import { EMPTY, from, NEVER, of } from 'rxjs'
import { fromFetch, fromFetchStream, isWireError, ndjson, type WireEvent } from 'rxwire'
import { wireQueryOptions } from 'rxwire/query'
import { expect, it, vi } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { createClient, observe } from './observe.ts'

const queryKey = ['rows'] as const

/** How many rows there are, and their sum. */
function rowsOf(server: Backend, query: Record<string, string | number>) {
  return wireQueryOptions({
    queryKey,
    wire: () => fromFetchStream(server.url('/stream/ndjson', query), { decode: ndjson<{ n: number }>() }),
    initial: { count: 0, sum: 0 },
    fold: ({ count, sum }, { n }) => ({ count: count + 1, sum: sum + n }),
  })
}

it('is pending until the wire completes, and shows what has come', async () => {
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

it('settles a fetch with the whole answer', async () => {
  const client = createClient()
  const options = rowsOf(backend(), { count: 500 })
  await expect(client.fetchQuery(options)).resolves.toEqual({ count: 500, sum: 125_250 })
  expect(client.getQueryData(options.queryKey)).toEqual({ count: 500, sum: 125_250 })
})

it('lets who comes later share the answer that arrives', async () => {
  const server = backend()
  const client = createClient()
  const first = observe(client, rowsOf(server, { count: 40, everyMs: 10 }))
  await expect.poll(() => first.now().data?.count).toBeGreaterThan(0)
  const second = observe(client, rowsOf(server, { count: 40, everyMs: 10 }))
  await expect(client.fetchQuery(rowsOf(server, { count: 40, everyMs: 10 }))).resolves.toMatchObject({ count: 40 })
  expect(second.now().data).toEqual({ count: 40, sum: 820 })
  expect((await server.stats()).seen).toHaveLength(1)
})

it('closes the connection when nobody observes any more, and forgets the part that came', async () => {
  const server = backend()
  const client = createClient()
  const rows = observe(client, rowsOf(server, { count: 10_000, everyMs: 10 }))
  await expect.poll(() => rows.now().data?.count).toBeGreaterThan(0)
  rows.leave()
  await server.expectNoConnections()
  expect(client.getQueryState(queryKey)).toMatchObject({ status: 'pending', fetchStatus: 'idle', data: undefined })
})

it('shows a refetch from its first piece on, and the answer before it if that is left', async () => {
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

it('does not leave a part of an answer for a whole one', async () => {
  const client = createClient()
  const rows = observe(client, rowsOf(backend(), { count: 1_000, everyMs: 10 }))
  await expect.poll(() => rows.now().data?.count).toBeGreaterThan(0)
  expect(dehydrate(client).queries).toEqual([])
})

it('fails as its wire fails, and keeps what has come', async () => {
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

it('asks once, although somebody comes, leaves and comes back at once', async () => {
  const client = createClient()
  const wire = vi.fn(() => of<WireEvent<string>>({ type: 'message', data: 'hello' }))
  const options = wireQueryOptions({ queryKey, wire })
  observe(client, options).leave()
  const word = observe(client, options)
  await expect.poll(() => word.now().data).toBe('hello')
  expect(wire).toHaveBeenCalledOnce()
})

it('holds the last message if nobody says otherwise', async () => {
  const server = backend()
  const options = wireQueryOptions({
    queryKey,
    wire: () => fromFetch<{ name: string }>(server.url('/http/json')),
  })
  await expect(createClient().fetchQuery(options)).resolves.toMatchObject({ name: 'Ada' })
})

it('takes null for a message', async () => {
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

it('says what to do when a wire ends without a message', async () => {
  const error: unknown = await createClient()
    .fetchQuery(wireQueryOptions({ queryKey, wire: () => EMPTY }))
    .catch((error) => error)
  expect(isWireError(error) && error.message).toContain('query ["rows"] ended without a message')
  await expect(
    createClient().fetchQuery(wireQueryOptions({ queryKey, wire: () => EMPTY, initial: 0, fold: (n) => n })),
  ).resolves.toBe(0)
})

it('fails, and does not throw, when the wire cannot be made', async () => {
  const wire = (): typeof NEVER => {
    throw new Error('no address')
  }
  await expect(createClient().fetchQuery(wireQueryOptions({ queryKey, wire }))).rejects.toThrow('no address')
})

it('refuses options that make no sense at once', () => {
  const wire = () => NEVER
  expect(() => wireQueryOptions({ queryKey, wire, keep: 0 })).toThrow(TypeError)
  expect(() => wireQueryOptions({ queryKey, wire, keep: 1.5 })).toThrow('keep must be a whole number above 0')
  // @ts-expect-error not a function
  expect(() => wireQueryOptions({ queryKey, wire: NEVER, keep: 3 })).toThrow('wire must be a function')
  // @ts-expect-error not a function
  expect(() => wireQueryOptions({ queryKey, wire, initial: 0, fold: 1 })).toThrow('fold must be a function')
  // @ts-expect-error fold and keep exclude each other
  expect(() => wireQueryOptions({ queryKey, wire, initial: 0, fold: (n: number) => n, keep: 3 })).toThrow('exclude')
})
