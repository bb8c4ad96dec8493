import { fromFetch, fromFetchStream, fromLongPoll, fromPoll, type Wire } from 'rxwire'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

interface CacheOptions {
  readonly cache?: RequestCache
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

const transports: {
  name: string
  connect: (url: string, options: CacheOptions) => Wire<unknown>
  cache?: RequestCache
}[] = [
  { name: 'fromFetchStream', connect: fromFetchStream, cache: 'no-store' },
  { name: 'fromPoll', connect: fromPoll, cache: 'no-store' },
  { name: 'fromLongPoll', connect: fromLongPoll, cache: 'no-store' },
  { name: 'fromFetch', connect: fromFetch },
]

for (const { name, connect, cache } of transports) {
  it.each([
    ['its default cache mode', {}, cache],
    ['the cache option', { cache: 'no-cache' }, 'no-cache'],
  ] as const)(`${name} passes %s to fetch`, async (_, options, expected) => {
    const asked: unknown[] = []
    const note = (url: string, init: RequestInit) => {
      asked.push(init.cache)
      return fetch(url, init)
    }
    await record(connect(backend().url('/http/json'), { ...options, fetch: note })).until('message')
    expect(asked[0]).toBe(expected)
  })
}
