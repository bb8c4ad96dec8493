import { requirePositive } from '../validate.ts'
import { type Decode, decodeFunction, requireDecode } from './decode-message.ts'
import { type SseEvent, sseDecoder } from './event-stream.ts'
import { type StreamDecoder, textStreamDecoder } from './stream-decoder.ts'

/** Options of {@link sse}. */
export interface SseOptions<T> {
  /** Turns the text of an event into its data: a function, or a schema, which is given the parsed JSON. */
  readonly decode?: Decode<string, T> | undefined
  /** The bound of one event, as `String.length` counts. Default 8 Mi; a longer one fails the wire with kind `overflow`. */
  readonly maxLength?: number | undefined
}

/** A Server-Sent Event of one response. */
export interface SseMessage<T> {
  readonly data: T
  /** Its event name; absent for the default `message`. */
  readonly name?: string
  /** The last id that the stream has given. */
  readonly id?: string
}

const MAX_LENGTH = 8 * 1024 * 1024

/**
 * A body in the event-stream format, as one answer: what language models send. It does not reconnect by itself;
 * for a feed that goes on, take `fromEventSource`.
 *
 * @throws TypeError if an option makes no sense.
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
export function sse<T = string>(options: SseOptions<T> = {}): StreamDecoder<SseMessage<T>> {
  requirePositive('sse: maxLength', options.maxLength)
  if (options.decode !== undefined) requireDecode(options.decode)
  const decode = options.decode === undefined ? (data: string) => data as T : decodeFunction(options.decode, JSON.parse)
  return textStreamDecoder<SseEvent, SseMessage<T>>(
    (onEvent) => {
      let id: string | undefined
      const decoder = sseDecoder(
        {
          onId: (next) => {
            id = next
          },
          onEvent: ({ data, event }) => onEvent({ data, event, id }, id, event),
          onRetry: () => {},
          onComment: () => {},
        },
        options.maxLength ?? MAX_LENGTH,
        'maxLength',
      )
      // [spec] What the end cuts short is no event.
      return { push: (text) => decoder.push(text), end: () => {} }
    },
    ({ data, event, id }) => ({
      data: decode(data),
      ...(event !== undefined && { name: event }),
      ...(id !== undefined && { id }),
    }),
  )
}
