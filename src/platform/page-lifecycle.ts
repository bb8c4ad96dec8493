import { defer, distinctUntilChanged, EMPTY, filter, fromEvent, map, merge, Observable, share, startWith } from 'rxjs'
import { after, now } from './clock.ts'

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

/** Whether the page is in the background. Advice, as all that hosts say of themselves. */
export function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden'
}

/** `true` each time the page is hidden, `false` each time it is shown. Silent on hosts without pages. */
export function visibilityChanges(): Observable<boolean> {
  if (typeof document === 'undefined') return EMPTY
  return fromEvent(document, 'visibilitychange').pipe(map(() => isHidden()))
}

const LOOK_EVERY_MS = 10_000
// Somewhat more than a page that is merely busy takes.
const LATE_MS = 20_000
// The timers of hidden pages run once a minute, in more than one browser.
const LATE_WHILE_HIDDEN_MS = 90_000

/** Whether a timer that came so late has slept, and with it whatever it was to measure. */
export function isSleep(lateMs: number): boolean {
  return lateMs > lateness()
}

/**
 * Speaks each time the page has slept: a timer came much later than it should by the wall clock, which goes on
 * while a machine is asleep or a page is suspended. Silent on hosts without pages.
 */
export function wakings(): Observable<void> {
  return new Observable((subscriber) => {
    if (typeof document === 'undefined') return
    let dueMs = 0
    let allowedMs = 0
    let cancel = () => {}
    const wait = () => {
      cancel()
      dueMs = now() + LOOK_EVERY_MS
      allowedMs = lateness()
      cancel = after(LOOK_EVERY_MS, look)
    }
    const look = () => {
      const hasSlept = now() - dueMs > allowedMs
      wait()
      if (hasSlept) subscriber.next()
    }
    // How late a timer may be changes with it; and the first thing that a phone does on waking is to show the page.
    subscriber.add(visibilityChanges().subscribe(look))
    subscriber.add(() => cancel())
    wait()
  })
}

/** How late a timer may be without anybody having slept. */
function lateness(): number {
  return isHidden() ? LATE_WHILE_HIDDEN_MS : LATE_MS
}

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

/** What a signal means for a wire. It never ends one, and nothing that follows from it is a failed attempt. */
export interface LifecycleAdvice {
  /**
   * For an attempt that runs: it is left alone, or must show that it is alive, or is given up until the page is back.
   */
  readonly running: 'stay' | 'probe' | 'park'
  /** For a wait: it goes on as it is, or is parked if there is a reason to, or is over soon if there is none. */
  readonly waiting: 'stay' | 'park' | 'retry-now'
}

/** The whole of what is done about the life of a page, in one table. */
export const lifecycleAdvice: Readonly<Record<LifecycleSignal, LifecycleAdvice>> = {
  offline: { running: 'stay', waiting: 'park' },
  online: { running: 'stay', waiting: 'retry-now' },
  hidden: { running: 'stay', waiting: 'park' },
  shown: { running: 'stay', waiting: 'retry-now' },
  // Chromium closes sockets by then, and streams are silent for ever after, without an error.
  frozen: { running: 'park', waiting: 'stay' },
  resumed: { running: 'probe', waiting: 'retry-now' },
  // Browsers close what is open, or do not keep the page because of it.
  stored: { running: 'park', waiting: 'stay' },
  restored: { running: 'probe', waiting: 'retry-now' },
  woken: { running: 'probe', waiting: 'retry-now' },
}
