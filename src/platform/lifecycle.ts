import { defer, EMPTY, filter, fromEvent, map, merge, type Observable, share } from 'rxjs'
import { networkChanges } from './network.ts'
import { wakings } from './sleep.ts'
import { visibilityChanges } from './visibility.ts'

/**
 * What the host says of itself and of the page. All of it is advice: hosts are wrong at times, and silent at others.
 *
 * - `offline`, `online`: the network went, or came back
 * - `hidden`, `shown`: the page is in the background, or in front again
 * - `frozen`, `resumed`: nothing of the page runs, or it runs again
 * - `stored`, `restored`: the page was left and is kept for the way back (bfcache), or is back
 * - `woken`: the machine, or the page, has slept
 */
export type LifecycleSignal =
  | 'offline'
  | 'online'
  | 'hidden'
  | 'shown'
  | 'frozen'
  | 'resumed'
  | 'stored'
  | 'restored'
  | 'woken'

const signals: Observable<LifecycleSignal> = defer(() =>
  merge(
    networkChanges().pipe(map((online) => (online ? 'online' : 'offline'))),
    visibilityChanges().pipe(map((hidden) => (hidden ? 'hidden' : 'shown'))),
    pageChanges(),
    wakings().pipe(map(() => 'woken' as const)),
  ),
).pipe(share())

/** The one source of signals of a page: one set of listeners while anybody listens, none otherwise. */
export function lifecycle(): Observable<LifecycleSignal> {
  return signals
}

function pageChanges(): Observable<LifecycleSignal> {
  if (typeof document === 'undefined') return EMPTY
  const ofHistory = (type: string) =>
    fromEvent<PageTransitionEvent>(globalThis, type).pipe(filter(({ persisted }) => persisted))
  return merge(
    fromEvent(document, 'freeze').pipe(map(() => 'frozen' as const)),
    fromEvent(document, 'resume').pipe(map(() => 'resumed' as const)),
    ofHistory('pagehide').pipe(map(() => 'stored' as const)),
    ofHistory('pageshow').pipe(map(() => 'restored' as const)),
  )
}
