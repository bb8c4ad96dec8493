import type { BadMessagePolicy, Decode } from '../../decoders/decode-message.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { Implementations } from '../../platform/globals.ts'
import type { ReconnectPolicy, RepeatOptions } from '../../policy/retry-policy.ts'

/** Options of `fromEventSource`. */
export interface EventSourceOptions<T> extends RequestOptions, RepeatOptions, Implementations {
  /**
   * Which event names to deliver. Default: all of them, except with the native engine, which hears only
   * `message` and the names it is given.
   */
  readonly events?: readonly string[] | undefined
  /**
   * Turns the text of an event into a message: a function such as `JSON.parse`, or a synchronous Standard
   * Schema, which is given the text parsed as JSON. Default: the text itself.
   */
  readonly decode?: Decode<string, T> | undefined
  /** What becomes of a message that cannot be decoded. Default `'skip'`: one bad message does not end a live wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /**
   * What makes the connection. Default: the first that the host has of
   * - `'fetch'`: headers, any method, status codes
   * - `'xhr'`: the same, for hosts whose fetch cannot stream. XHR keeps its whole text in memory, so every 4 to
   *   12 Mi characters (at the end of an event, if one comes in time) the connection is given up and made anew
   * - `'native'`: the browser's own EventSource: GET only, and no headers
   */
  readonly engine?: 'fetch' | 'xhr' | 'native' | undefined
  /** Where to begin: sent as if it had been received before. Default: at the server's discretion. */
  readonly resumeFrom?: string | undefined
  /**
   * The query parameter that carries the last event id. Default: none, the `Last-Event-ID` header does; but
   * `'lastEventId'` with the native engine, which cannot send it otherwise. Useful across origins, where the
   * header costs a preflight.
   */
  readonly lastEventIdQuery?: string | undefined
  /**
   * The bound of one event, as `String.length` counts. Default 8 Mi. An event past it fails the wire with
   * kind `overflow`: the same event would come again. With the engine `xhr`, 12 Mi is as far as it goes.
   */
  readonly maxEventLength?: number | undefined
  /**
   * How long an attempt may wait for the response headers, in milliseconds. Default 10,000, growing to 20,000
   * with failures: browsers hold back hosts that failed, and a shorter limit would never get through.
   */
  readonly connectTimeoutMs?: number | undefined
  /**
   * The longest silence, in milliseconds, before the connection counts as dead and is replaced. Default
   * `'auto'`: not watched until the server has shown how often it sends comments as heartbeats, then two and a half
   * times that, or the longest silence so far, from 20,000 to 300,000. The native engine sees only messages, so there
   * `'auto'` is off.
   */
  readonly stallTimeoutMs?: number | 'auto' | undefined
  /** When to try again, how soon, and when to stop; `false` never tries again. */
  readonly reconnect?: ReconnectPolicy | false | undefined
}
