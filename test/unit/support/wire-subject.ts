import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'

/** A wire whose events a test sends by hand. */
export class WireSubject<T> extends Subject<WireEvent<T>> {
  /** Sends messages, and nothing else. */
  messages(...data: T[]): void {
    for (const each of data) this.next({ type: 'message', data: each })
  }

  /** Sends what comes before the first message. */
  open(): void {
    this.next({ type: 'connecting', attempt: 0 })
    this.next({ type: 'open' })
  }
}
