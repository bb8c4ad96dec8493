import { BehaviorSubject, filter, finalize, fromEvent, lastValueFrom, map, type Observable, takeUntil } from 'rxjs'
import type { Progress, Wire, WireEvent, WireMessage } from 'rxwire'
import { reportProgress } from './report-progress.ts'

/** The part of a query of query-core that is needed to ask for its data. */
export interface AskedQuery<T> {
  readonly state: { readonly data: T | undefined; readonly dataUpdateCount: number }
}

/** What is known of a query beside its data. */
interface Traffic {
  /** How far the answer to the request in flight has come. */
  readonly download: BehaviorSubject<Progress | undefined>
  /** An ETag, and which update of the data it belongs to: what somebody else writes into the cache has none. */
  etag?: { readonly value: string | undefined; readonly ofUpdate: number }
}

const traffics = new WeakMap<object, Traffic>()

/** How far the answer to a query's request in flight has come, for all who look at it. */
export function downloadOf(query: object): BehaviorSubject<Progress | undefined> {
  return trafficOf(query).download
}

/**
 * Asks for a query's data. What the server says has not changed (304) is the data that is there, the same object.
 *
 * @param connect Makes the wire that asks, with the ETag of the data that is there.
 * @returns `null` for an empty answer, because a cache cannot hold `undefined`.
 */
export async function askForQuery<T>(
  query: AskedQuery<T>,
  connect: (etag: string | undefined) => Wire<T>,
  signal: AbortSignal,
): Promise<T> {
  const traffic = trafficOf(query)
  const { data, dataUpdateCount } = query.state
  const isOfData = data !== undefined && traffic.etag?.ofUpdate === dataUpdateCount
  const etag = isOfData ? traffic.etag?.value : undefined
  const answer = connect(etag).pipe(
    reportProgress((progress) => traffic.download.next(progress)),
    finalize(() => traffic.download.next(undefined)),
    filter(isMessage),
    takeUntil(aborted(signal)),
  )
  const message = await lastValueFrom(answer, { defaultValue: undefined })
  traffic.etag = { value: message === undefined ? etag : message.id, ofUpdate: dataUpdateCount + 1 }
  // Who expects an empty answer says so in T.
  return ((message === undefined ? query.state.data : message.data) ?? null) as T
}

function trafficOf(query: object): Traffic {
  let traffic = traffics.get(query)
  if (traffic === undefined) {
    traffic = { download: new BehaviorSubject<Progress | undefined>(undefined) }
    traffics.set(query, traffic)
  }
  return traffic
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
