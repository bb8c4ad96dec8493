import { defer, distinctUntilChanged, EMPTY, fromEvent, map, merge, Observable, share, startWith } from 'rxjs'
import { after, wallClock } from './clock.ts'

/** Whether the host reports that there is no network. It may be wrong, in both directions. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false
}

/** Emits `true` when the network comes back and `false` when it is lost. Never emits on hosts without these events. */
export function networkChanges(): Observable<boolean> {
  if (typeof addEventListener !== 'function') return EMPTY
  return merge(
    fromEvent(globalThis, 'online').pipe(map(() => true)),
    fromEvent(globalThis, 'offline').pipe(map(() => false)),
  )
}

/**
 * Emits whether the host reports a network: the current status, then each change. A host may be wrong, in both
 * directions: show the status, but do not block requests with it. Hosts without this information are online.
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

/** Whether the page is in the background. */
export function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden'
}

/** Whether the page is being prerendered: it may never be shown. */
export function isPrerendering(): boolean {
  return typeof document !== 'undefined' && 'prerendering' in document && document.prerendering === true
}

const CHECK_INTERVAL_MS = 10_000
// A timer of a busy page may be late. A longer delay is a sleep.
const SLEEP_MS = 20_000
// Several browsers run the timers of hidden pages once a minute.
const SLEEP_WHILE_HIDDEN_MS = 90_000

/** Whether a timer that fires this late was suspended by a sleep. The time that it measured is then invalid. */
export function isSleep(lateMs: number): boolean {
  return lateMs > sleepThresholdMs()
}

/**
 * Calls `run` each time the page has slept: a timer fired much later than due by the wall clock, which continues while the
 * machine sleeps or the page is suspended. Returns a function that stops it.
 */
function onWakeUp(run: () => void): () => void {
  let dueMs = 0
  let allowedMs = 0
  let cancel = () => {}
  let isStopped = false
  const wait = () => {
    cancel()
    dueMs = wallClock() + CHECK_INTERVAL_MS
    allowedMs = sleepThresholdMs()
    cancel = after(CHECK_INTERVAL_MS, check)
  }
  const check = () => {
    // A listener that is removed while its event is dispatched may still be called.
    if (isStopped) return
    const hasSlept = wallClock() - dueMs > allowedMs
    wait()
    if (hasSlept) run()
  }
  // The allowed delay depends on the visibility, and a phone shows the page first when it wakes up.
  document.addEventListener('visibilitychange', check)
  wait()
  return () => {
    isStopped = true
    document.removeEventListener('visibilitychange', check)
    cancel()
  }
}

/** How late a timer may be without a sleep. */
function sleepThresholdMs(): number {
  return isHidden() ? SLEEP_WHILE_HIDDEN_MS : SLEEP_MS
}

/**
 * A signal of the host about the network or the page. Signals are advice: a host may be wrong, or not send them.
 *
 * - `offline`, `online`: the network was lost, or is back
 * - `hidden`, `shown`: the page is in the background, or in the foreground again, or no longer prerendered
 * - `frozen`, `resumed`: the page is suspended, or runs again
 * - `stored`, `restored`: the page went into the back/forward cache, or is back
 * - `woken`: the machine or the page has slept
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

const signals = new Observable<LifecycleSignal>((subscriber) => {
  /** @param signalOf Returns what the event means; `undefined` for nothing. */
  const listen = <E extends Event>(
    target: EventTarget,
    type: string,
    signalOf: (event: E) => LifecycleSignal | undefined,
  ) =>
    subscriber.add(
      fromEvent<E>(target, type).subscribe((event) => {
        const signal = signalOf(event)
        if (signal !== undefined) subscriber.next(signal)
      }),
    )
  if (typeof addEventListener === 'function') {
    listen(globalThis, 'online', () => 'online')
    listen(globalThis, 'offline', () => 'offline')
  }
  if (typeof document === 'undefined') return
  const fromHistory = (signal: LifecycleSignal) => (event: PageTransitionEvent) =>
    event.persisted ? signal : undefined
  listen(document, 'visibilitychange', () => (isHidden() ? 'hidden' : 'shown'))
  listen(document, 'freeze', () => 'frozen')
  listen(document, 'resume', () => 'resumed')
  listen(document, 'prerenderingchange', () => 'shown')
  listen(globalThis, 'pagehide', fromHistory('stored'))
  listen(globalThis, 'pageshow', fromHistory('restored'))
  subscriber.add(onWakeUp(() => subscriber.next('woken')))
}).pipe(share())

/** The signals of the page. All subscribers share one set of event listeners, removed with the last subscriber. */
export function lifecycle(): Observable<LifecycleSignal> {
  return signals
}

/** What a signal means for a wire. A signal never ends a wire, and never counts as a failed attempt. */
export interface LifecycleAdvice {
  /**
   * For a running attempt: `stay` leaves it alone, `probe` checks whether it is alive, `park` ends it until the page is
   * back.
   */
  readonly running: 'stay' | 'probe' | 'park'
  /**
   * For a wait: `stay` leaves it alone, `park` pauses it if there is a reason, `retry-now` ends it soon if there is
   * none.
   */
  readonly waiting: 'stay' | 'park' | 'retry-now'
}

/** How wires react to the lifecycle of the page. */
export const lifecycleAdvice: Readonly<Record<LifecycleSignal, LifecycleAdvice>> = {
  offline: { running: 'stay', waiting: 'park' },
  online: { running: 'stay', waiting: 'retry-now' },
  hidden: { running: 'stay', waiting: 'park' },
  shown: { running: 'stay', waiting: 'retry-now' },
  // Chromium closes sockets when it freezes a page, and streams stay silent afterwards, without an error.
  frozen: { running: 'park', waiting: 'stay' },
  resumed: { running: 'probe', waiting: 'retry-now' },
  // Browsers close open connections, or do not cache the page because of them.
  stored: { running: 'park', waiting: 'stay' },
  restored: { running: 'probe', waiting: 'retry-now' },
  woken: { running: 'probe', waiting: 'retry-now' },
}
