import type { BadMessagePolicy, Decode } from '../../decoders/decode-message.ts'
import type { EndOptions } from '../../decoders/end-options.ts'
import type { FetchRequestOptions } from '../../http/fetch.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { GoneOptions, ReconnectPolicy } from '../../policy/retry-policy.ts'

/** Options of `fromDurableStream`. */
export interface DurableStreamOptions<T>
  extends Pick<RequestOptions, 'baseUrl' | 'query' | 'headers' | 'credentials' | 'credentialOrigins'>,
    Omit<FetchRequestOptions, 'responseType' | 'maxBytes'>,
    GoneOptions {
  /**
   * Where to start: `'-1'` at the start of the stream, `'now'` at its tail, or an offset, such as the `id` of the last
   * message of an earlier visit. Default `'-1'`.
   */
  readonly resumeFrom?: '-1' | 'now' | (string & {}) | undefined
  /**
   * How new messages arrive, once all that the stream has were read.
   * - `'auto'` (the default): Server-Sent Events. Long polls for 5 minutes after three event streams in a row have ended
   *   without any control event, which a proxy that buffers causes, and on a host whose `fetch` cannot stream.
   * - `'sse'`: Server-Sent Events only.
   * - `'long-poll'`: long polls only.
   * - `false`: none. The wire completes at the tail.
   */
  readonly live?: 'auto' | 'sse' | 'long-poll' | false | undefined
  /**
   * Decodes each message: a function, or a synchronous Standard Schema. It receives an element of the array of a JSON
   * stream, the text of a `text/*` stream, or the bytes (`Uint8Array`) of any other. Default: unchanged.
   */
  readonly decode?: Decode<unknown, T> | undefined
  /** What happens to a message that cannot be decoded. Default `'skip'`: one bad message does not end the wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /** The last message: it is delivered, then the wire completes. Default: none, the stream says when it is closed. */
  readonly endsWhen?: EndOptions<T>['endsWhen']
  /** Returns the failure that a message reports, or `undefined`. Then the wire fails with kind `closed`. Default: none. */
  readonly failsWhen?: EndOptions<T>['failsWhen']
  /**
   * The maximum size of a response, in bytes, and of the events up to a control event, in UTF-16 code units. More of them
   * fails the wire with kind `overflow`. Default 64 Mi.
   */
  readonly maxBytes?: number | undefined
  /**
   * How long a request that is not held may wait for the head of its response, and an event stream for its first event,
   * in milliseconds. Default 10,000, growing to 20,000 with failures.
   */
  readonly connectTimeoutMs?: number | undefined
  /** How long a long poll may be held until the head of its response, in milliseconds. Default 35,000. */
  readonly holdTimeoutMs?: number | undefined
  /**
   * How long an event stream may be silent before it is replaced, in milliseconds. Default 90,000: servers end an event
   * stream after about a minute.
   */
  readonly stallTimeoutMs?: number | undefined
  /**
   * When to reconnect, after which delay, and when to give up. `false` never reconnects.
   * Default: the defaults of `ReconnectPolicy`.
   */
  readonly reconnect?: ReconnectPolicy | false | undefined
}
