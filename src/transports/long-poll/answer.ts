import type { AttemptSink } from '../../attempt.ts'

/**
 * The messages of an answer, on their way to the subscriber. Make one for each subscription: whoever is handed a
 * message may reconnect, and what the attempt could not hand on any more is the next one's to begin with. Asked for
 * again, the whole answer would come twice.
 */
export class AnswerInHand<T> {
  readonly #until: ((message: T) => boolean) | undefined
  #left: Iterable<readonly [index: number, message: T]> = []
  #length = 0
  #cursor: string | undefined

  constructor(until: ((message: T) => boolean) | undefined) {
    this.#until = until
  }

  take(messages: readonly T[], cursor: string | undefined): void {
    // An iterator, and not the list: where one attempt has stopped, the next one goes on.
    this.#left = messages.entries()
    this.#length = messages.length
    this.#cursor = cursor
  }

  /** Hands on what is left, for as long as this attempt is listened to. The last one carries the place to go on from. */
  handOn(sink: AttemptSink<T>, signal: AbortSignal): void {
    for (const [index, message] of this.#left) {
      sink.message(message, index === this.#length - 1 ? this.#cursor : undefined)
      if (!signal.aborted && this.#until?.(message)) sink.close({ wasClean: true })
      // Nobody listens to this attempt any more: it must not ask again.
      signal.throwIfAborted()
    }
  }
}
