import { fromEventSource } from 'rxwire'
import { liveQueryOptions } from 'rxwire/query'
import type { Backend } from '../backend.ts'

export const queryKey = ['feed'] as const
export const endless = { count: 100_000, everyMs: 5 }

/** A live query that keeps all numbers of the feed. */
export function feedOf(server: Backend, { path = '/sse/feed', lingerMs = 0, ...query } = {} as FeedQuery) {
  return liveQueryOptions({
    queryKey,
    wire: ({ resumeFrom }) => fromEventSource(server.url(path, { ...endless, ...query }), { resumeFrom }),
    initial: [] as number[],
    fold: (numbers, n) => [...numbers, Number(n)],
    lingerMs,
  })
}

type FeedQuery = { path?: string; lingerMs?: number; [name: string]: string | number | undefined }
