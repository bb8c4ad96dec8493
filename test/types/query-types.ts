import { QueryClient, type QueryObserverResult } from '@tanstack/query-core'
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useQuery as useVueQuery } from '@tanstack/vue-query'
import type { Observable } from 'rxjs'
import { fromEventSource, fromFetchStream, ndjson, type Wire, type WireError } from 'rxwire'
import { fromQuery, type LiveData, liveQueryOptions, patchQuery, wireQueryOptions } from 'rxwire/query'
import { expectTypeOf } from 'vitest'

// Checked by the compiler with `npm run typecheck`. This code never runs.
declare const numbers: () => Wire<number>
const client = new QueryClient()
const queryKey = ['numbers', 1] as const

export function infersTheDataOfAnAnswer() {
  const text = wireQueryOptions({ queryKey, wire: numbers, initial: '', fold: (text, n) => text + n.toFixed() })
  expectTypeOf(useQuery(text).data).toEqualTypeOf<string | undefined>()
  expectTypeOf(useQuery(text).error).toEqualTypeOf<WireError | null>()
  expectTypeOf(useSuspenseQuery(text).data).toEqualTypeOf<string>()
  expectTypeOf(useQuery({ ...text, select: ({ length }) => length }).data).toEqualTypeOf<number | undefined>()
  expectTypeOf(useQuery(queryOptions(text)).data).toEqualTypeOf<string | undefined>()
  expectTypeOf(client.getQueryData(text.queryKey)).toEqualTypeOf<string | undefined>()
  expectTypeOf(client.fetchQuery(text)).toEqualTypeOf<Promise<string>>()
  expectTypeOf(useQuery(wireQueryOptions({ queryKey, wire: numbers, keep: 3 })).data).toEqualTypeOf<
    number[] | undefined
  >()
  expectTypeOf(useQuery(wireQueryOptions({ queryKey, wire: numbers })).data).toEqualTypeOf<number | undefined>()
}

export function infersTheDataOfALiveQuery() {
  const sum = liveQueryOptions({ queryKey, wire: numbers, initial: 0n, fold: (sum, n) => sum + BigInt(n) })
  expectTypeOf(useQuery(sum).data).toEqualTypeOf<bigint | undefined>()
  expectTypeOf(useQuery(sum).error).toEqualTypeOf<WireError | null>()
  expectTypeOf(useSuspenseQuery(sum).data).toEqualTypeOf<bigint>()
  expectTypeOf(client.getQueryData(sum.queryKey)).toEqualTypeOf<LiveData<bigint> | undefined>()
  // A `select` that is added later receives the entry of the cache.
  expectTypeOf(useQuery({ ...sum, select: ({ data }) => data.toString() }).data).toEqualTypeOf<string | undefined>()
  const last = liveQueryOptions({ queryKey, wire: numbers, keep: 3, select: (kept) => kept.at(-1)?.toFixed() ?? '' })
  expectTypeOf(useQuery(last).data).toEqualTypeOf<string | undefined>()
  expectTypeOf(client.getQueryData(last.queryKey)).toEqualTypeOf<LiveData<number[]> | undefined>()
  const text = liveQueryOptions({
    queryKey,
    wire: numbers,
    initial: '',
    fold: (text, n) => text + n.toFixed(),
    select: (text) => text.length,
  })
  expectTypeOf(useQuery(text).data).toEqualTypeOf<number | undefined>()
  expectTypeOf(useVueQuery(text).data.value).toEqualTypeOf<number | undefined>()
}

export function infersFromTheDecoderOfTheWire() {
  const ticks = liveQueryOptions({
    queryKey,
    wire: ({ resumeFrom }) => fromEventSource('/ticks', { decode: Number, resumeFrom }),
    keep: 3,
  })
  expectTypeOf(useQuery(ticks).data).toEqualTypeOf<number[] | undefined>()
  const rows = wireQueryOptions({
    queryKey,
    wire: () => fromFetchStream('/rows', { decode: ndjson<{ id: string }>() }),
    initial: new Set<string>(),
    fold: (ids, { id }) => new Set(ids).add(id),
  })
  expectTypeOf(useQuery(rows).data).toEqualTypeOf<Set<string> | undefined>()
}

export function refusesWhatMakesNoSense() {
  // @ts-expect-error fold needs initial
  wireQueryOptions({ queryKey, wire: numbers, fold: (text: string, n: number) => text + n })
  // @ts-expect-error fold and keep are mutually exclusive
  wireQueryOptions({ queryKey, wire: numbers, initial: '', fold: (text: string, n: number) => text + n, keep: 3 })
  // @ts-expect-error fold takes the messages of the wire
  liveQueryOptions({ queryKey, wire: numbers, initial: '', fold: (text: string, message: Date) => text + message })
  // @ts-expect-error fold and keep are mutually exclusive
  liveQueryOptions({ queryKey, wire: numbers, initial: '', fold: (text: string, n: number) => text + n, keep: 3 })
  // @ts-expect-error select takes the data, not the cache entry
  liveQueryOptions({ queryKey, wire: numbers, keep: 3, select: (entry: LiveData<number[]>) => entry.cursor })
  // @ts-expect-error wire must be a function that can resume from the cursor
  liveQueryOptions({ queryKey, wire: numbers(), keep: 3 })
  // @ts-expect-error wire is required
  wireQueryOptions({ queryKey })
}

export function infersWhatAQueryEmits() {
  const sum = liveQueryOptions({ queryKey, wire: numbers, initial: 0n, fold: (sum, n) => sum + BigInt(n) })
  expectTypeOf(fromQuery(client, sum)).toEqualTypeOf<Observable<QueryObserverResult<bigint, WireError>>>()
  expectTypeOf(fromQuery(client, { queryKey, queryFn: async () => 'x' })).toEqualTypeOf<
    Observable<QueryObserverResult<string, Error>>
  >()
}

export function patchesWhatTheFoldIsAbout() {
  const patched = numbers().pipe(patchQuery(client, queryKey, (sum: number | undefined = 0, n) => sum + n))
  expectTypeOf(patched).toEqualTypeOf<Wire<number>>()
  numbers().pipe(
    // @ts-expect-error fold takes the messages of the wire
    patchQuery(client, queryKey, (sum: number | undefined, message: string) => (sum ?? 0) + message.length),
  )
}
