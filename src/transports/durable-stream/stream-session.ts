import type { Attempt } from '../../attempt.ts'
import { decodeFunction, messageDecoder, SKIPPED } from '../../decoders/decode-message.ts'
import { PendingMessages } from '../../engine/pending-messages.ts'
import { type MakeRequest, shownUrl } from '../../http/request.ts'
import { now } from '../../platform/clock.ts'
import { streamingFetch } from '../../platform/globals.ts'
import type { DurableStreamOptions } from './options.ts'
import { type LiveMode, messagesIn, type PayloadKind, type Position } from './protocol.ts'

// A proxy that buffers, or a server that does not speak SSE. Fewer ends may be bad luck.
const ENDS_WITHOUT_CONTROL = 3
const POLL_FOR_MS = 300_000

/** A part of a stream: the body of a response, or the events before a control event. */
export interface Batch {
  readonly parts: readonly (string | Uint8Array)[]
  /** Whether the parts are base64. */
  readonly isEncoded: boolean
}

/** What the attempts of one subscription share. */
export class StreamSession<T> {
  readonly options: DurableStreamOptions<T>
  readonly makeRequest: MakeRequest
  readonly pending: PendingMessages<T>
  /** Set by the first response. An event stream does not say what the stream contains. */
  kind: PayloadKind = 'bytes'
  /** The last `Stream-Cursor`. */
  cursor: string | undefined
  /** Whether the tail was reached, so that requests are live. */
  isCaughtUp = false

  readonly #decode: (input: unknown, id?: string) => T | typeof SKIPPED
  readonly #canStream: boolean
  #endsWithoutControl = 0
  #pollsUntilMs = Number.NEGATIVE_INFINITY

  constructor(options: DurableStreamOptions<T>, makeRequest: MakeRequest) {
    this.options = options
    this.makeRequest = makeRequest
    this.pending = new PendingMessages(options)
    this.#decode = partDecoder(options, () => this.kind)
    this.#canStream = streamingFetch(options) !== undefined
  }

  /** How the next request is sent; `undefined` until the tail was reached. */
  get mode(): LiveMode | undefined {
    const { live = 'auto' } = this.options
    if (!this.isCaughtUp || live === false) return undefined
    if (live !== 'auto') return live
    return this.#canStream && now() >= this.#pollsUntilMs ? 'sse' : 'long-poll'
  }

  /** Delivers a batch, and moves the resume point to its end. Returns whether it had messages. */
  settle(
    attempt: Attempt<T>,
    { parts, isEncoded }: Batch,
    position: Position,
    request: { readonly url: string },
  ): boolean {
    const { offset } = position
    this.cursor = position.cursor ?? this.cursor
    // [law] 5: a batch that does not move the offset was delivered before.
    const inputs = offset === attempt.cursor ? [] : parts.flatMap((part) => messagesIn(this.kind, part, isEncoded))
    const messages = inputs.flatMap((input, index) => {
      const message = this.#decode(input, index === inputs.length - 1 ? offset : undefined)
      return message === SKIPPED ? [] : [message]
    })
    if (messages.length === 0) attempt.moveCursor(offset)
    this.pending.take(messages, offset, shownUrl(request))
    this.pending.deliver(attempt)
    return inputs.length > 0
  }

  /** An event stream has delivered a control event. */
  sseWorks(): void {
    this.#endsWithoutControl = 0
  }

  /** An event stream has ended without any control event. */
  sseFailed(): void {
    this.#endsWithoutControl += 1
    if (this.#endsWithoutControl >= ENDS_WITHOUT_CONTROL) this.#pollsUntilMs = now() + POLL_FOR_MS
  }
}

/** Without `decode` the messages pass through unchanged. A part that could not be read is a bad message. */
function partDecoder<T>(
  { decode = (input) => input as T, onBadMessage }: DurableStreamOptions<T>,
  kind: () => PayloadKind,
): (input: unknown) => T | typeof SKIPPED {
  const decodeParsed = decodeFunction(decode, 'parsed')
  const decodeRaw = decodeFunction(decode)
  return messageDecoder((input: unknown) => {
    if (input instanceof SyntaxError) throw input
    return kind() === 'json' ? decodeParsed(input) : decodeRaw(input)
  }, onBadMessage)
}
