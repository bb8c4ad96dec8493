import type { Attempt } from '../../attempt.ts'
import { callSync } from '../../callback.ts'
import { SKIPPED, textOf } from '../../decoders/decode-message.ts'
import { isEndMarker, isLastMessage } from '../../decoders/end-options.ts'
import { messageOf, WireError } from '../../errors.ts'
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
  /** The resume point of the request, until the first message. */
  #resumedAt: string | undefined

  constructor(
    attempt: Attempt<T>,
    options: FetchStreamOptions<T>,
    decode: (record: never, id?: string) => T | typeof SKIPPED,
    decodeLast: (record: never) => T,
    shownUrl: string,
  ) {
    this.#attempt = attempt
    this.#resumedAt = attempt.cursor
    this.#options = options
    this.#decode = decode
    this.#decodeLast = decodeLast
    this.#shownUrl = shownUrl
  }

  /** Returns whether a message was delivered. */
  read(record: unknown, id: string | undefined, name: string | undefined): boolean {
    if (this.isComplete) return false
    const { idOf } = this.#options
    if (isEndMarker(this.#options, textOf(record), name)) {
      this.#complete()
      return false
    }
    const message = this.isAtEnd ? this.#lastMessage(record) : this.#decode(record as never, id)
    if (message === SKIPPED) {
      this.moveCursor(id)
      return false
    }
    const messageId = idOf === undefined ? id : callSync('idOf', () => idOf(message))
    // [law] 5: some servers continue at the last id instead of after it.
    const isReplayed = messageId !== undefined && messageId === this.#resumedAt
    this.#resumedAt = undefined
    if (isReplayed) return false
    const isLast = isLastMessage(this.#options, message, messageId, name, () => this.#shownUrl)
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

  #complete(): void {
    this.isComplete = true
    this.#attempt.close({ wasClean: true })
  }
}
