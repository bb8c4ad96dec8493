import {
  type BadMessagePolicy,
  type Decode,
  inputOf,
  messageDecoder,
  type SKIPPED,
  splitFunction,
} from '../../decoders/decode-message.ts'
import type { EndOptions } from '../../decoders/end-options.ts'
import type { FetchRequestOptions } from '../../http/fetch.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { GoneOptions, ReconnectPolicy, RepeatOptions } from '../../policy/retry-policy.ts'
import type { CursorSource, CursorTarget, LongPollResponse } from './cursor.ts'

/** Options of `fromLongPoll`. */
export interface LongPollOptions<T>
  extends RequestOptions,
    Omit<FetchRequestOptions, 'responseType'>,
    GoneOptions,
    Pick<RepeatOptions, 'idempotencyKey'> {
  /**
   * Where a response carries the next cursor: `'validators'` (the default: ETag and Last-Modified), `'etag'`,
   * `'last-modified'`, `{ header }`, or a function of the response.
   */
  readonly readCursor?: CursorSource | undefined
  /**
   * How the next request sends the cursor: `{ header }`, `{ query }`, or a function that changes the request. Default:
   * the conditional headers that belong to the validators; otherwise `{ query: 'cursor' }`.
   */
  readonly sendCursor?: CursorTarget | undefined
  /** The cursor of the first request. Default: none; the server decides where to start. */
  readonly resumeFrom?: string | undefined
  /** The type that the body is read as. Default `'json'`. */
  readonly responseType?: 'json' | 'text' | undefined
  /** Returns the messages in a response that may have several, or none. Default: the body is one message. */
  readonly messages?: ((body: unknown) => Iterable<unknown>) | undefined
  /** Decodes each of them: a function, or a synchronous Standard Schema. Default: unchanged. */
  readonly decode?: Decode<unknown, T> | undefined
  /** What happens to a message that cannot be decoded. Default `'skip'`: one bad message does not end the wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /** The last message: it is delivered, then the wire completes. Default: none, the poll does not end. */
  readonly endsWhen?: EndOptions<T>['endsWhen']
  /** Returns the failure that a message reports, or `undefined`. Then the wire fails with kind `closed`. Default: none. */
  readonly failsWhen?: EndOptions<T>['failsWhen']
  /** Whether a response is the last: its messages are delivered, then the wire completes. Default: none is. */
  readonly endsOnResponse?: ((response: LongPollResponse) => boolean) | undefined
  /**
   * How long a request may be held until the head of its response, in milliseconds. Then the attempt fails and is
   * retried. Default 35,000: longer than most servers hold a request, and short enough to replace a dead connection
   * soon.
   */
  readonly holdTimeoutMs?: number | undefined
  /**
   * When to retry after a failure, after which delay, and when to give up. `false` never retries.
   * Default: the defaults of `ReconnectPolicy`.
   */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

/** Returns the decoder of one subscription. Without `decode` the messages pass through unchanged. */
export function longPollDecoder<T>(options: LongPollOptions<T>): (input: unknown, id?: string) => T | typeof SKIPPED {
  return messageDecoder<unknown, T>(
    options.decode ?? ((input) => input as T),
    options.onBadMessage,
    inputOf(options.responseType),
  )
}

/** Returns the function that finds the messages of a body. A body for which `messages` fails is a bad message. */
export function longPollSplitter<T>({
  messages,
  onBadMessage,
}: LongPollOptions<T>): (body: unknown) => readonly unknown[] | typeof SKIPPED {
  if (messages !== undefined) return messageDecoder(splitFunction(messages), onBadMessage)
  // An empty body has no message.
  return (body) => (body === undefined ? [] : [body])
}
