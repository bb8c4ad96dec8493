import type { Subscription } from 'rxjs'
import type { Wire, WireError, WireEvent } from 'rxwire'

const active = new Set<WireRecord<unknown>>()

/** Unsubscribes all records, so that a test leaves nothing to the next one. */
export function unsubscribeRecords(): void {
  for (const record of [...active]) record.unsubscribe()
}

/** The events of one subscription to a wire, and how it ended. */
export class WireRecord<T> {
  /** All events, in order. */
  readonly events: WireEvent<T>[] = []
  /** The error that ended the wire. */
  error: WireError | undefined
  /** Whether the wire has completed. */
  isComplete = false
  readonly #subscription: Subscription

  /** @internal */
  constructor(wire: Wire<T>, onEvent: (event: WireEvent<T>) => void) {
    active.add(this as WireRecord<unknown>)
    this.#subscription = wire.subscribe({
      next: (event) => {
        this.events.push(event)
        onEvent(event)
      },
      error: (error) => {
        this.error = error
      },
      complete: () => {
        this.isComplete = true
      },
    })
    this.#subscription.add(() => active.delete(this as WireRecord<unknown>))
  }

  /** The type of each event. */
  get types(): WireEvent<T>['type'][] {
    return this.events.map(({ type }) => type)
  }

  /** The data of each message. */
  get data(): T[] {
    return this.events.flatMap((event) => (event.type === 'message' ? [event.data] : []))
  }

  /** Whether the wire is still subscribed, and has not ended. */
  get isActive(): boolean {
    return !this.#subscription.closed
  }

  unsubscribe(): void {
    this.#subscription.unsubscribe()
  }
}

/**
 * Subscribes to a wire and records its events, until the network is uninstalled at the latest.
 *
 * @param onEvent Called after an event was recorded.
 *
 * @example
 * ```ts
 * import { fromEventSource } from 'rxwire'
 * import { fakeNetwork, recordWire } from 'rxwire/testing'
 *
 * const net = fakeNetwork()
 * net.install()
 * const feed = net.log('/ticks')
 * const seen = recordWire(fromEventSource('/ticks'))
 * feed.send('first')
 * await net.advance()
 * console.assert(seen.data[0] === 'first')
 * ```
 */
export function recordWire<T>(wire: Wire<T>, onEvent: (event: WireEvent<T>) => void = () => {}): WireRecord<T> {
  return new WireRecord(wire, onEvent)
}
