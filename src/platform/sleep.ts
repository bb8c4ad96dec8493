import { Observable } from 'rxjs'
import { after, now } from './clock.ts'
import { isHidden, visibilityChanges } from './visibility.ts'

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
