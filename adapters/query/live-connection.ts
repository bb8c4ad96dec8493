import {
  asapScheduler,
  defer,
  first,
  fromEvent,
  merge,
  Subject,
  Subscription,
  startWith,
  subscribeOn,
  takeUntil,
  tap,
} from 'rxjs'
import { type Wire, withMemory } from 'rxwire'
import type { BatchAccumulator } from './batch-accumulator.ts'
import {
  type CacheClient,
  type CachedQuery,
  eventsOf,
  type FetchContext,
  queryOf,
  whenUnobserved,
} from './cache-client.ts'
import { appendBatch, type LiveData } from './live-data.ts'
import { messageBatches } from './message-batches.ts'
import { noteConnection, noteDisconnected } from './query-connection.ts'
import { memoryOf } from './query-memory.ts'

/** How a live query connects and accumulates its messages. */
export interface LiveQueryConfig<T> {
  readonly wire: (start: { readonly resumeFrom: string | undefined }) => Wire<T>
  readonly accumulator: BatchAccumulator<T, unknown>
  readonly lingerMs: number
}

interface LiveConnection {
  /** Closes the connection. Messages that wait for the next animation frame are written to the cache first. */
  stop(): void
  /** Closes the connection and drops messages that wait for the next animation frame. */
  drop(): void
}

const connections = new WeakMap<object, LiveConnection>()

/**
 * Returns whether the query has an open connection. The parameter is `object`, because a more precise type would affect
 * the type inference of the adapters.
 */
export function isLive(query: object): boolean {
  return connections.has(query)
}

/** Connects the query from its cursor and replaces its current connection. Resolves with its entry. */
export function connectQuery<T>(context: FetchContext, config: LiveQueryConfig<T>): Promise<LiveData<unknown>> {
  const { wire, accumulator, lingerMs } = config
  const { client, queryKey, signal } = context
  const query = queryOf(context)
  const previous = connections.get(query)
  // A query without data is new or was reset: messages of the previous connection must not reach it.
  if (query.state.data === undefined) previous?.drop()
  else previous?.stop()
  const initialEntry: LiveData<unknown> = { data: accumulator.initial, cursor: undefined }
  // Read on each use: the application may have written to the cache.
  const currentEntry = () => entryOf(query) ?? initialEntry

  return new Promise((resolve, reject) => {
    const stop = new Subject<void>()
    const connection = new Subscription(() => {
      connections.delete(query)
      noteDisconnected(query)
    })
    connections.set(query, { stop: () => stop.next(), drop: () => connection.unsubscribe() })

    let isSettled = false
    const settle = () => {
      if (isSettled) return
      isSettled = true
      resolve(currentEntry())
      // Before this point, query-core aborts the signal when the query has no observers.
      connection.add(whenUnobserved(client, query, lingerMs).subscribe(() => stop.next()))
    }

    connection.add(
      eventsOf(client, query).subscribe(({ type, action }) => {
        if (type === 'removed') connection.unsubscribe()
        // `invalidateQueries` awaits this fetch, and the first message may take a long time.
        else if (action?.type === 'invalidate') settle()
      }),
    )
    connection.add(
      // The memory is passed next to the wire: it does not travel through `subscribeOn`.
      defer(() => wire({ resumeFrom: currentEntry().cursor }).pipe(withMemory(memoryOf(query))))
        .pipe(
          // An observer that unsubscribes and resubscribes synchronously (React's StrictMode) connects once.
          subscribeOn(asapScheduler),
          noteConnection(query),
          takeUntil(merge(stop, fromEvent(signal, 'abort'))),
          messageBatches(),
          // In `tap`, so that an error of the fold fails the wire.
          tap((batch) => client.setQueryData(queryKey, () => appendBatch(currentEntry(), batch, accumulator))),
        )
        .subscribe({
          next: settle,
          error: (error: unknown) => {
            connection.unsubscribe()
            if (isSettled) failQuery(client, query, error)
            else reject(error)
          },
          complete: () => {
            connection.unsubscribe()
            settle()
          },
        }),
    )
    if (query.state.data !== undefined) settle()
  })
}

/**
 * Fails the query by a fetch that rejects, so that the global `onError` handlers of the cache are called. The fetch that
 * has resolved with the first message may not have ended yet, and query-core ignores another one until then.
 */
function failQuery(client: CacheClient, query: CachedQuery, error: unknown): void {
  eventsOf(client, query)
    .pipe(
      startWith(undefined),
      first(() => query.state.fetchStatus === 'idle', undefined),
    )
    .subscribe(() => {
      query.fetch(undefined, { initialPromise: Promise.reject(error) }).catch(() => {})
    })
}

function entryOf(query: CachedQuery): LiveData<unknown> | undefined {
  return query.state.data as LiveData<unknown> | undefined
}
