import { Observable, type OperatorFunction, Subscriber } from 'rxjs'

/** The behaviour of an operator for one subscription. A handler that is absent passes the notification through. */
export interface Stage<I> {
  next(value: I): void
  error?(error: unknown): void
  complete?(): void
  /** Emits the events that are held back. Called before an error or the completion. */
  flush?(): void
  /** Called when the subscription ends, for any reason. */
  teardown?(): void
}

/**
 * Creates an operator from its behaviour for one subscription. The inner Subscriber exists before the source emits, so
 * a consumer that unsubscribes during the first event stops the source at once. An error that a handler throws becomes
 * the error of the wire, and does not reach the producer of the value.
 */
export function operate<I, O>(start: (subscriber: Subscriber<O>) => Stage<I>): OperatorFunction<I, O> {
  return (source) =>
    new Observable((subscriber) => {
      const stage = start(subscriber)
      const inner = new Subscriber<I>({
        next: (value) => {
          try {
            stage.next(value)
          } catch (error) {
            subscriber.error(error)
          }
        },
        error: (error: unknown) => {
          stage.flush?.()
          if (stage.error === undefined) subscriber.error(error)
          else stage.error(error)
        },
        complete: () => {
          stage.flush?.()
          if (stage.complete === undefined) subscriber.complete()
          else stage.complete()
        },
      })
      subscriber.add(inner)
      subscriber.add(() => stage.teardown?.())
      source.subscribe(inner)
    })
}
