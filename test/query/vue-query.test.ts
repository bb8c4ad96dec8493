import { QueryClient, useQuery } from '@tanstack/vue-query'
import { fromEventSource, fromFetchStream, text } from 'rxwire'
import { liveQueryOptions, wireQueryOptions } from 'rxwire/query'
import { expect, it, onTestFinished } from 'vitest'
import { effectScope } from 'vue'
import { backend } from '../backend.ts'

// vue-query depends on its own query-core, in another version than ours.

/** Sets up a query in an effect scope, as a component does. `leave` unmounts it. */
function mountQuery<R>(client: QueryClient, setUp: () => R): { query: R; leave: () => void } {
  const scope = effectScope()
  const query = scope.run(setUp) as R
  const leave = () => scope.stop()
  onTestFinished(() => {
    leave()
    client.clear()
  })
  return { query, leave }
}

it('streams a response into a Vue query', async () => {
  const server = backend()
  const client = new QueryClient()
  const options = wireQueryOptions({
    queryKey: ['lines'],
    wire: () => fromFetchStream(server.url('/stream/lines', { count: 3 }), { decode: text() }),
    initial: '',
    fold: (all, piece) => all + piece,
  })
  const { query } = mountQuery(client, () => useQuery(options, client))
  expect(query.isPending.value).toBe(true)
  await expect.poll(() => query.status.value).toBe('success')
  expect(query.data.value).toBe('line 1\nline 2\nline 3\n')
})

it('shares one connection between Vue queries, closes it on unmount and resumes on the next mount', async () => {
  const server = backend()
  const client = new QueryClient()
  const options = liveQueryOptions({
    queryKey: ['feed'],
    wire: ({ resumeFrom }) =>
      fromEventSource(server.url('/sse/feed', { count: 100_000, everyMs: 5 }), { decode: Number, resumeFrom }),
    initial: [] as number[],
    fold: (numbers, n) => [...numbers, n],
  })
  const first = mountQuery(client, () => useQuery(options, client))
  const second = mountQuery(client, () => useQuery(options, client))
  await expect.poll(() => second.query.data.value?.length).toBeGreaterThan(5)
  await client.invalidateQueries()
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  first.leave()
  second.leave()
  await server.expectNoConnections()
  const third = mountQuery(client, () => useQuery(options, client))
  const before = third.query.data.value?.length ?? 0
  expect(before).toBeGreaterThan(5)
  await expect.poll(() => third.query.data.value?.length).toBeGreaterThan(before + 5)
  expect(third.query.data.value).toEqual(third.query.data.value?.map((_, index) => index + 1))
})
