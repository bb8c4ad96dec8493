import { Observable } from 'rxjs'
import { isWireError, messageOf, WireError } from './errors.ts'
import type { Wire, WireClose, WireMessage, WireOpen, WireProgress } from './wire.ts'

/** What is known when an attempt begins. A provider of a url or of headers is given it. */
export interface AttemptContext {
  /** How many attempts in a row have failed before this one: 0 on the first. */
  readonly attempt: number
  /** Where to resume: the last id that was received, `undefined` before there was one. */
  readonly cursor: string | undefined
  /** Why the attempt before this one ended; `undefined` on the first. */
  readonly cause: WireError | undefined
}

/** The six events as calls. After the subscriber has left, each of them does nothing. */
export interface AttemptSink<T> {
  open(info?: Omit<WireOpen, 'type'>): void
  progress(direction: WireProgress['direction'], loaded: number, total?: number, acknowledged?: number): void
  message(data: T, id?: string, name?: string): void
  /** The other side said that it is done: emits `close` and completes. */
  close(info: Omit<WireClose, 'type'>): void
  fail(error: WireError): void
}

/**
 * Turns one attempt into a wire. Transports build their Observables here and nowhere else, so the laws hold
 * in one place: nothing happens before the subscription, `connecting` comes first, leaving aborts the
 * signal, and what happens after that is silence.
 *
 * @param connect Makes the connection. What it throws or rejects with becomes the error of the wire.
 */
export function fromAttempt<T>(connect: (sink: AttemptSink<T>, signal: AbortSignal) => void | Promise<void>): Wire<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController()
    subscriber.add(() => controller.abort())

    const sink: AttemptSink<T> = {
      open: (info) => subscriber.next({ type: 'open', ...info }),
      progress: (direction, loaded, total, acknowledged) =>
        subscriber.next({
          type: 'progress',
          direction,
          loaded,
          ...(total !== undefined && { total }),
          ...(acknowledged !== undefined && { acknowledged }),
        }),
      message: (data, id, name) => {
        // Built by hand, not by spreading: this line runs once per message.
        const event: { -readonly [Key in keyof WireMessage<T>]: WireMessage<T>[Key] } = { type: 'message', data }
        if (id !== undefined) event.id = id
        if (name !== undefined) event.name = name
        subscriber.next(event)
      },
      close: (info) => {
        subscriber.next({ type: 'close', ...info })
        subscriber.complete()
      },
      fail: (error) => subscriber.error(error),
    }

    subscriber.next({ type: 'connecting', attempt: 0 })
    // The subscriber may have left while it was told so: `take(1)` does.
    if (subscriber.closed) return
    // An abort surfaces as a rejection, too; by then nobody listens.
    const run = async () => connect(sink, controller.signal)
    run().catch((error: unknown) => sink.fail(isWireError(error) ? error : unexpected(error)))
  })
}

function unexpected(cause: unknown): WireError {
  return new WireError('network', `The attempt failed unexpectedly: ${messageOf(cause)}`, { cause })
}
