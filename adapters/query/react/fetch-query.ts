import { BehaviorSubject, filter, finalize, fromEvent, lastValueFrom, map, type Observable, takeUntil } from 'rxjs'
import type { Progress, Wire, WireEvent, WireMessage } from 'rxwire'
import { reportProgress } from '../../react/report-progress.ts'

/** The part of query-core's `Query` that a fetch needs. */
export interface QueryLike<T> {
  readonly state: { readonly data: T | undefined; readonly dataUpdateCount: number }
}

/** What `useFetch` keeps per query in addition to query-core's own state. */
interface RequestState {
  /** The download progress of the request in flight. */
  readonly download: BehaviorSubject<Progress | undefined>
  /** The ETag, and the data update it belongs to. Data that `setQueryData` wrote has no ETag. */
  etag?: { readonly value: string | undefined; readonly dataUpdateCount: number }
}

const requestStates = new WeakMap<object, RequestState>()

/** Returns the download progress of a query's request in flight. All observers of the query share it. */
export function downloadOf(query: object): BehaviorSubject<Progress | undefined> {
  return requestStateOf(query).download
}

/**
 * Fetches the data of a query. After a 304 it resolves with the data that the ETag belongs to, the same object. Data that
 * `setQueryData` wrote in the meantime is not confirmed by that response.
 *
 * @param connect Returns the wire of the request, given the ETag of the cached data.
 * @returns The data; `null` for an empty response, because the cache cannot hold `undefined`.
 */
export async function fetchQueryData<T>(
  query: QueryLike<T>,
  connect: (etag: string | undefined) => Wire<T>,
  signal: AbortSignal,
): Promise<T> {
  const requestState = requestStateOf(query)
  const { data, dataUpdateCount } = query.state
  const isOfData = data !== undefined && requestState.etag?.dataUpdateCount === dataUpdateCount
  const etag = isOfData ? requestState.etag?.value : undefined
  const messages = connect(etag).pipe(
    reportProgress((progress) => requestState.download.next(progress)),
    finalize(() => requestState.download.next(undefined)),
    filter(isMessage),
    takeUntil(aborted(signal)),
  )
  const message = await lastValueFrom(messages, { defaultValue: undefined })
  // query-core writes the result next. The count is read again: the application may have written to the cache.
  const writtenAs = query.state.dataUpdateCount + 1
  requestState.etag = { value: message === undefined ? etag : message.id, dataUpdateCount: writtenAs }
  // A caller that expects an empty response includes `null` in T.
  return ((message === undefined ? data : message.data) ?? null) as T
}

function requestStateOf(query: object): RequestState {
  let requestState = requestStates.get(query)
  if (requestState === undefined) {
    requestState = { download: new BehaviorSubject<Progress | undefined>(undefined) }
    requestStates.set(query, requestState)
  }
  return requestState
}

function isMessage<T>(event: WireEvent<T>): event is WireMessage<T> {
  return event.type === 'message'
}

/** Fails with the signal's reason when it is aborted. */
function aborted(signal: AbortSignal): Observable<never> {
  return fromEvent(signal, 'abort').pipe(
    map(() => {
      throw signal.reason
    }),
  )
}
