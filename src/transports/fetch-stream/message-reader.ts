import type { Attempt } from '../../attempt.ts'
import { SKIPPED, textOf } from '../../decoders/decode-message.ts'
import { CloseError, messageOf, WireError } from '../../errors.ts'
import type { FetchStreamOptions } from './options.ts'

/** Delivers the records of one response as messages, until one of them ends it. */
export class MessageReader<T> {
  /** Whether the end of the response was recognized, and the wire has completed. */
  isComplete = false
  /** Whether the next record is the last of the body, and its separator is missing. */
  isAtEnd = false

  readonly #attempt: Attempt<T>
  readonly #options: FetchStreamOptions<T>
  readonly #decode: (record: never, id?: string) => T | typeof SKIPPED
  readonly #decodeLast: (record: never) => T
  readonly #shownUrl: string

  constructor(
    attempt: Attempt<T>,
    options: FetchStreamOptions<T>,
    decode: (record: never, id?: string) => T | typeof SKIPPED,
    decodeLast: (record: never) => T,
    shownUrl: string,
  ) {
    this.#attempt = attempt
    this.#options = options
    this.#decode = decode
    this.#decodeLast = decodeLast
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
    const message = this.isAtEnd ? this.#lastMessage(record) : this.#decode(record as never, id)
    if (message === SKIPPED) {
      this.moveCursor(id)
      return false
    }
    const messageId = idOf === undefined ? id : idOf(message)
    const failure = failsWhen?.(message)
    if (failure !== undefined) {
      const text = `${this.#shownUrl} reported a failure in its response: ${failure}`
      throw new CloseError(text, { wasClean: true, messageId })
    }
    const isLast = endsWhen?.(message) === true
    this.#attempt.message(message, messageId, name)
    if (isLast) this.#complete()
    return true
  }

  /** Moves the resume point past a record that is no message; an empty id forgets it. */
  moveCursor(id: string | undefined): void {
    if (id !== undefined) this.#attempt.moveCursor(id === '' ? undefined : id)
  }

  /** A record without its separator may be only the start of one. It is, if it cannot be decoded. */
  #lastMessage(record: unknown): T {
    try {
      return this.#decodeLast(record as never)
    } catch (cause) {
      const message = `${this.#shownUrl} ended inside of a message (${messageOf(cause)}): the response is incomplete.`
      throw new WireError('truncated', message, { retryable: true, cause })
    }
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
