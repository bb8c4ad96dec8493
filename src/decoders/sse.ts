import type { DecodeRequired } from '../message-type.ts'
import { requirePositive } from '../validate.ts'
import { type Decode, decodeFunction, requireDecode } from './decode-message.ts'
import { EVENT_STREAM, sseDecoder } from './event-stream.ts'
import { type StreamDecoder, textStreamDecoder } from './stream-decoder.ts'

/** Options of {@link sse}. */
export interface SseOptions<T> {
  /**
   * Turns the text of an event into its data: a function, or a synchronous Standard Schema, which receives the parsed
   * JSON. Default: the text itself.
   */
  readonly decode?: Decode<string, T> | undefined
  /**
   * The maximum length of an event, in UTF-16 code units. Default 8,388,608 (8 Mi). A longer event fails the wire with
   * kind `overflow`.
   */
  readonly maxLength?: number | undefined
}

/** A Server-Sent Event of a response. */
export interface SseMessage<T> {
  readonly data: T
  /** The event name; absent for the default `message`. */
  readonly name?: string
  /** The id of the event; absent if it has none of its own. */
  readonly id?: string
}

const MAX_LENGTH = 8 * 1024 * 1024

/**
 * Decodes a body in the event-stream format, for a response that ends, such as that of a language model. It does not
 * reconnect: for a stream that does, use `fromEventSource`.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages, sse } from 'rxwire'
 *
 * fromFetchStream('/v1/chat', { method: 'POST', json: { prompt: 'Why?' }, decode: sse(), endMarker: '[DONE]' })
 *   .pipe(messages())
 *   .subscribe(({ data }) => console.info(data))
 * ```
 */
export function sse(options?: SseOptions<string>): StreamDecoder<SseMessage<string>>
export function sse<T>(options: DecodeRequired<Decode<string, T>> & SseOptions<T>): StreamDecoder<SseMessage<T>>
export function sse<T>(options: SseOptions<T> = {}): StreamDecoder<SseMessage<T>> {
  requirePositive('sse: maxLength', options.maxLength)
  if (options.decode !== undefined) requireDecode(options.decode)
  const decode = options.decode === undefined ? (data: string) => data as T : decodeFunction(options.decode, JSON.parse)
  return textStreamDecoder<SseMessage<string>, SseMessage<T>>(
    (onEvent, control) => {
      const decoder = sseDecoder(
        {
          onId: (id) => control?.moveCursor(id),
          onEvent: (data, id, name) =>
            onEvent({ data, ...(name !== undefined && { name }), ...(id && { id }) }, id, name),
          onRetry: (delayMs) => control?.retryAfter(delayMs),
          onComment: () => {},
        },
        options.maxLength ?? MAX_LENGTH,
        'maxLength',
      )
      return { push: (text) => decoder.push(text), end: () => decoder.isIncomplete() }
    },
    (event) => ({ ...event, data: decode(event.data) }),
    { contentType: EVENT_STREAM },
  )
}
