import { defer, distinctUntilChanged, map, type Observable, startWith } from 'rxjs'
import { isOffline, networkChanges } from './platform/network.ts'

/**
 * Whether the host says that there is a network: what it says now, and then each change. Hosts are wrong at times, in
 * both directions: good enough for a word on the screen, and no reason not to try. Hosts that do not tell are online.
 *
 * @example
 * ```ts
 * import { networkStatus } from 'rxwire'
 *
 * networkStatus().subscribe((status) => document.body.classList.toggle('offline', status === 'offline'))
 * ```
 */
export function networkStatus(): Observable<'online' | 'offline'> {
  return defer(() => networkChanges().pipe(startWith(!isOffline()), distinctUntilChanged(), map(statusOf)))
}

function statusOf(isOnline: boolean): 'online' | 'offline' {
  return isOnline ? 'online' : 'offline'
}
