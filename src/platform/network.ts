import { EMPTY, fromEvent, map, merge, type Observable } from 'rxjs'

/** Whether the host says that there is no network. Advice: it is wrong in both directions at times. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false
}

/** `true` each time the network comes back, `false` each time it goes. Silent on hosts that do not tell. */
export function networkChanges(): Observable<boolean> {
  if (typeof addEventListener !== 'function') return EMPTY
  return merge(
    fromEvent(globalThis, 'online').pipe(map(() => true)),
    fromEvent(globalThis, 'offline').pipe(map(() => false)),
  )
}
