import {
  type BadMessagePolicy,
  type Decode,
  messageDecoder,
  requireBadMessagePolicy,
  requireDecode,
  type SKIPPED,
} from '../../decoders/decode-message.ts'
import type { FetchRequestOptions } from '../../http/fetch.ts'
import { type RequestOptions, requireRequestOptions } from '../../http/request.ts'
import { requireRepeatable } from '../../http/request-wire.ts'
import { baseUrl } from '../../platform/globals.ts'
import type { ReconnectPolicy, RepeatOptions } from '../../policy/retry-policy.ts'
import { requireFunction, requireOneOf, requirePositive, requireUrl } from '../../validate.ts'
import type { CursorSource, CursorTarget } from './cursor.ts'

/** Options of `fromLongPoll`. */
export interface LongPollOptions<T>
  extends RequestOptions,
    Omit<FetchRequestOptions, 'responseType'>,
    Pick<RepeatOptions, 'idempotencyKey'> {
  /**
   * Where an answer says how to go on: `'etag'` (the default), `'last-modified'`, `{ header }`, or a function of the
   * answer.
   */
  readonly readCursor?: CursorSource | undefined
  /**
   * How the next request says it: `{ header }`, `{ query }`, or a function that changes the request. Default: the
   * header that belongs to the ETag or the date; otherwise `{ query: 'cursor' }`.
   */
  readonly sendCursor?: CursorTarget | undefined
  /** Where the first request goes on. Default: at the server's discretion. */
  readonly resumeFrom?: string | undefined
  /** What the body is read as. Default `'json'`. */
  readonly responseType?: 'json' | 'text' | undefined
  /** The messages in an answer that may have several, or none. Default: the body is one message. */
  readonly messages?: ((body: unknown) => Iterable<unknown>) | undefined
  /** Turns each of them into a message: a function, or a synchronous Standard Schema. Default: as it is. */
  readonly decode?: Decode<unknown, T> | undefined
  /** What becomes of a message that cannot be decoded. Default `'skip'`: one bad message does not end a live wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /** Completes the wire after a message of which it says `true`. Default: it goes on. */
  readonly endsWhen?: ((message: T) => boolean) | undefined
  /**
   * How long a request may be held, in milliseconds, before it is made anew. Default 35,000: longer than servers
   * hold it, shorter than a dead connection is worth.
   */
  readonly holdTimeoutMs?: number | undefined
  /** When to try again after a failure, how soon, and when to stop; `false` never tries again. */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

/** Decodes the messages of one subscription. Without a decoder they are what the caller says they are. */
export function longPollDecoder<T>(options: LongPollOptions<T>): (input: unknown) => T | typeof SKIPPED {
  return messageDecoder<unknown, T>(options.decode ?? ((input) => input as T), options.onBadMessage)
}

export function requireLongPollOptions<T>(url: unknown, options: LongPollOptions<T>): void {
  requireUrl('url', url, baseUrl())
  requireRequestOptions(options)
  requireRepeatable(options)
  requirePositive('holdTimeoutMs', options.holdTimeoutMs)
  requireOneOf('responseType', options.responseType, ['json', 'text'])
  requireFunction('messages', options.messages)
  requireFunction('endsWhen', options.endsWhen)
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  if (typeof options.readCursor === 'string') {
    requireOneOf('readCursor', options.readCursor, ['etag', 'last-modified'])
  }
}
