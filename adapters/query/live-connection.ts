import { asapScheduler, defer, fromEvent, merge, Subject, Subscription, subscribeOn, takeUntil, tap } from 'rxjs'
import type { Wire } from 'rxwire'
import type { BatchAccumulator } from './batch-accumulator.ts'
import { type CachedQuery, eventsOf, type FetchContext, queryOf, unobserved } from './cache-client.ts'
import { appended, type LiveData } from './live-data.ts'
import { messageBatches } from './message-batches.ts'

/** How a live query makes data of its wire. */
export interface LivePlan<T> {
  readonly wire: (start: { readonly resumeFrom: string | undefined }) => Wire<T>
  readonly folding: BatchAccumulator<T, unknown>
  readonly lingerMs: number
}

interface LiveConnection {
  /** Ends it. What has come and waits for its frame reaches the cache first. */
  stop(): void
  /** Ends it, and what waits for its frame is forgotten. */
  drop(): void
}

const connections = new WeakMap<object, LiveConnection>()

/** Whether a connection feeds the query now. Asked with any object: to say more would guide an adapter's inference. */
export function isLive(query: object): boolean {
  return connections.has(query)
}

/** Connects the query from its cursor, in place of the connection that it has. Settles with its data. */
export function goLive<T>(context: FetchContext, { wire, folding, lingerMs }: LivePlan<T>): Promise<LiveData<unknown>> {
  const { client, queryKey, signal } = context
  const query = queryOf(context)
  const before = connections.get(query)
  // A query without data (a new one, or one that was reset) begins anew.
  if (query.state.data === undefined) before?.drop()
  else before?.stop()
  const nothing: LiveData<unknown> = { data: folding.initial, cursor: undefined }
  // Always what the cache holds now: others may have written to it.
  const entry = () => entryOf(query) ?? nothing

  return new Promise((resolve, reject) => {
    const stop = new Subject<void>()
    const connection = new Subscription(() => connections.delete(query))
    connections.set(query, { stop: () => stop.next(), drop: () => connection.unsubscribe() })

    let isSettled = false
    const settle = () => {
      if (isSettled) return
      isSettled = true
      resolve(entry())
      // Until here, the core itself watches, and aborts.
      connection.add(unobserved(client, query, lingerMs).subscribe(() => stop.next()))
    }

    connection.add(
      eventsOf(client, query).subscribe(({ type, action }) => {
        if (type === 'removed') connection.unsubscribe()
        // Who invalidates waits for us, and the first message may be far.
        else if (action?.type === 'invalidate') settle()
      }),
    )
    connection.add(
      defer(() => wire({ resumeFrom: entry().cursor }))
        .pipe(
          // Who comes, leaves and comes back at once, as in React's StrictMode, connects once.
          subscribeOn(asapScheduler),
          takeUntil(merge(stop, fromEvent(signal, 'abort'))),
          messageBatches(),
          // In the pipe, so that a fold that throws is a wire that fails.
          tap((batch) => client.setQueryData(queryKey, () => appended(entry(), batch, folding))),
        )
        .subscribe({
          next: settle,
          error: (error: unknown) => {
            connection.unsubscribe()
            if (isSettled) fail(query, error)
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

/** Tells the failure the way of every other: as a fetch that failed. So global handlers hear of it, too. */
function fail(query: CachedQuery, error: unknown): void {
  query.fetch(undefined, { initialPromise: Promise.reject(error) }).catch(() => {})
}

function entryOf(query: CachedQuery): LiveData<unknown> | undefined {
  return query.state.data as LiveData<unknown> | undefined
}
