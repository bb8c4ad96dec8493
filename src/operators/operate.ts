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
      const inner = new StageSubscriber(stage, subscriber)
      subscriber.add(() => stage.teardown?.())
      source.subscribe(inner)
    })
}

/** Hot path: overrides the methods that RxJS calls, which saves an observer between the two subscribers. */
class StageSubscriber<I> extends Subscriber<I> {
  readonly #stage: Stage<I>
  readonly #target: Subscriber<unknown>

  constructor(stage: Stage<I>, target: Subscriber<unknown>) {
    super()
    this.#stage = stage
    this.#target = target
    target.add(this)
  }

  protected override _next(value: I): void {
    try {
      this.#stage.next(value)
    } catch (error) {
      this.#target.error(error)
    }
  }

  protected override _error(error: unknown): void {
    this.#end(() => {
      if (this.#stage.error === undefined) this.#target.error(error)
      else this.#stage.error(error)
    })
  }

  protected override _complete(): void {
    this.#end(() => {
      if (this.#stage.complete === undefined) this.#target.complete()
      else this.#stage.complete()
    })
  }

  #end(notify: () => void): void {
    try {
      this.#stage.flush?.()
      notify()
    } finally {
      this.unsubscribe()
    }
  }
}
