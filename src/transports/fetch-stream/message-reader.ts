import type { Attempt } from '../../attempt.ts'
import { SKIPPED, textOf } from '../../decoders/decode-message.ts'
import { CloseError } from '../../errors.ts'
import type { FetchStreamOptions } from './options.ts'

/** Delivers the records of one response as messages, until one of them ends it. */
export class MessageReader<T> {
  /** Whether the end of the response was recognized, and the wire has completed. */
  isComplete = false

  readonly #attempt: Attempt<T>
  readonly #options: FetchStreamOptions<T>
  readonly #decode: (record: never) => T | typeof SKIPPED
  readonly #shownUrl: string

  constructor(
    attempt: Attempt<T>,
    options: FetchStreamOptions<T>,
    decode: (record: never) => T | typeof SKIPPED,
    shownUrl: string,
  ) {
    this.#attempt = attempt
    this.#options = options
    this.#decode = decode
    this.#shownUrl = shownUrl
  }

  /** Returns whether a message was delivered. */
  read(record: unknown, id: string | undefined, name: string | undefined): boolean {
    if (this.isComplete) return false
    const { endsWhen, failsWhen, idOf } = this.#options
    if (this.#isEndMarker(record, name)) {
      this.#complete()
      return false
    }
    const message = this.#decode(record as never)
    if (message === SKIPPED) return false
    const failure = failsWhen?.(message)
    if (failure !== undefined) {
      throw new CloseError(`${this.#shownUrl} reported a failure in its response: ${failure}`, { wasClean: true })
    }
    const isLast = endsWhen?.(message) === true
    this.#attempt.message(message, idOf === undefined ? id : idOf(message), name)
    if (isLast) this.#complete()
    return true
  }

  #isEndMarker(record: unknown, name: string | undefined): boolean {
    const { endMarker } = this.#options
    if (endMarker === undefined) return false
    const text = textOf(record)
    if (text === undefined) return false
    return typeof endMarker === 'string' ? text === endMarker : endMarker(text, name)
  }

  #complete(): void {
    this.isComplete = true
    this.#attempt.close({ wasClean: true })
  }
}
