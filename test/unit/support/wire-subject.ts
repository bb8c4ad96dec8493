import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'

/** A wire whose events the test sends. */
export class WireSubject<T> extends Subject<WireEvent<T>> {
  messages(...data: T[]): void {
    for (const each of data) this.next({ type: 'message', data: each })
  }

  /** Sends the events before the first message. */
  open(): void {
    this.next({ type: 'connecting', attempt: 0 })
    this.next({ type: 'open' })
  }
}
