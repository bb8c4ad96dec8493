import { Observable, type OperatorFunction, Subscriber } from 'rxjs'

/** What an operator does with what comes in. What is left out is handed through. */
export interface Stage<I> {
  next(value: I): void
  error?(error: unknown): void
  complete?(): void
  /** Hands on what is held back, before an error or the completion is. */
  flush?(): void
  /** Runs when the subscription ends, for whatever reason. */
  teardown?(): void
}

/**
 * Makes an operator from what one subscription does. The source subscribes a Subscriber that exists before it
 * emits, so a consumer that leaves in the midst of the first event stops the source at once; and what a stage
 * throws becomes the error of the wire, not of whoever produced the value.
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
