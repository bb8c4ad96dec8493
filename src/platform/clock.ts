import { Observable } from 'rxjs'

// The longest delay that `setTimeout` supports. A longer one fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/** Milliseconds of a clock that only moves forward, for durations. It may stand still while the machine sleeps. */
export function now(): number {
  return Math.round(preciseNow())
}

/** The same with fractions of a millisecond, for durations that are shorter than one. */
export function preciseNow(): number {
  return typeof performance === 'undefined' ? Date.now() : performance.now()
}

/** Milliseconds since the epoch, for dates and to detect a sleep. A user or a time server may set this clock. */
export function wallClock(): number {
  return Date.now()
}

/** Returns a delay that a timer can wait for. A delay that is not a number is none. */
function validDelay(ms: number): number {
  return ms > 0 ? ms : 0
}

/**
 * Calls `run` once, after `delayMs`, which may be longer than `setTimeout` supports. Returns a function that cancels it.
 * `run` receives how late it is by the wall clock, which continues while timers are suspended.
 */
export function after(delayMs: number, run: (lateMs: number) => void): () => void {
  let leftMs = validDelay(delayMs)
  const dueMs = wallClock() + leftMs
  const wait = () => {
    const stepMs = Math.min(leftMs, MAX_TIMER_MS)
    leftMs -= stepMs
    return setTimeout(() => {
      if (leftMs > 0) timer = wait()
      else run(wallClock() - dueMs)
    }, stepMs)
  }
  let timer = wait()
  return () => clearTimeout(timer)
}

/** Emits once, after `delayMs`. Unlike `timer` of RxJS, it supports any delay. */
export function elapsed(delayMs: number): Observable<void> {
  return new Observable((subscriber) => after(delayMs, () => subscriber.next()))
}

/** Reports an error as an uncaught one, without interrupting the caller. */
export function throwLater(error: unknown): void {
  after(0, () => {
    throw error
  })
}
