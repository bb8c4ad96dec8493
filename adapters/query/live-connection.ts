import {
  asapScheduler,
  defer,
  distinctUntilChanged,
  fromEvent,
  map,
  merge,
  NEVER,
  Observable,
  Subject,
  Subscription,
  startWith,
  subscribeOn,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import type { Wire, WireMessage } from 'rxwire'
import type { BatchFolding } from './batch-folding.ts'
import { type CacheClient, type CachedQuery, type CacheEvent, type FetchContext, queryOf } from './cache-client.ts'
import { messageBatches } from './message-batches.ts'

/** What the cache holds of a live query: data, and where to go on after it. */
export interface LiveData<D> {
  readonly data: D
  /** The id of the last message that had one. */
  readonly cursor: string | undefined
}

/** How a live query makes data of its wire. */
export interface LivePlan<T> {
  readonly wire: (start: { readonly cursor: string | undefined }) => Wire<T>
  readonly folding: BatchFolding<T, unknown>
  readonly lingerMs: number
}

interface LiveConnection {
  /** Ends it. What has come and waits for its frame reaches the cache first. */
  stop(): void
  /** Ends it, and what waits for its frame is forgotten. */
  drop(): void
}

const connections = new WeakMap<object, LiveConnection>()

/** Whether a connection feeds the query now. */
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
  const entry = () => entryOf(query) ?? nothing

  const write = (batch: WireMessage<T>[]) => {
    client.setQueryData(queryKey, () => {
      const { data, cursor } = entry()
      superseded.add(entry())
      return {
        data: folding.append(data, batch),
        cursor: batch.findLast(({ id }) => id !== undefined)?.id ?? cursor,
      }
    })
  }

  return new Promise((resolve, reject) => {
    const stop = new Subject<void>()
    const connection = new Subscription(() => connections.delete(query))
    connections.set(query, { stop: () => stop.next(), drop: () => connection.unsubscribe() })

    let isSettled = false
    const settle = () => {
      if (isSettled) return
      isSettled = true
      resolve(entry())
      // Before, the core itself watches, and aborts.
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
      defer(() => wire({ cursor: entry().cursor }))
        .pipe(
          // Who comes, leaves and comes back at once, as in React's StrictMode, connects once.
          subscribeOn(asapScheduler),
          takeUntil(merge(stop, fromEvent(signal, 'abort'))),
          messageBatches(),
          // In the pipe, so that a fold that throws is a wire that fails.
          tap(write),
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

const superseded = new WeakSet<object>()

/**
 * A fetch settles some microtasks after it was answered, and by then the wire may have gone on. Its answer must not
 * take the place of what was made from it.
 */
export function newerOf(cached: unknown, next: unknown): unknown {
  const isOld = typeof next === 'object' && next !== null && superseded.has(next)
  return isOld && cached !== undefined ? cached : next
}

/** Emits when nobody has observed the query for so long. */
function unobserved(client: CacheClient, query: CachedQuery, lingerMs: number): Observable<unknown> {
  return eventsOf(client, query).pipe(
    startWith(undefined),
    map(() => query.isActive()),
    distinctUntilChanged(),
    switchMap((isObserved) => (isObserved ? NEVER : timer(lingerMs))),
  )
}

function eventsOf(client: CacheClient, query: CachedQuery): Observable<CacheEvent> {
  return new Observable((subscriber) =>
    client.getQueryCache().subscribe((event) => {
      if (event.query === query) subscriber.next(event)
    }),
  )
}

/** Tells the failure the way of every other: as a fetch that failed. So global handlers hear of it, too. */
function fail(query: CachedQuery, error: unknown): void {
  query.fetch(undefined, { initialPromise: Promise.reject(error) }).catch(() => {})
}

function entryOf(query: CachedQuery): LiveData<unknown> | undefined {
  return query.state.data as LiveData<unknown> | undefined
}
