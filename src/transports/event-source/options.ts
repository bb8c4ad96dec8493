import type { Attempt } from '../../attempt.ts'
import type { BadMessagePolicy, Decode, SKIPPED } from '../../decoders/decode-message.ts'
import type { EndOptions } from '../../decoders/end-options.ts'
import type { MakeRequest, RequestOptions } from '../../http/request.ts'
import type { StreamEngine } from '../../http/stream-engine.ts'
import type { RepeatGuard } from '../../http/unsafe-request.ts'
import type { Implementations } from '../../platform/globals.ts'
import type { GoneOptions, ReconnectPolicy, RepeatOptions } from '../../policy/retry-policy.ts'

/** A message of an event whose name has a decoder of its own. `E` is the type of the data by the name of the event. */
export type NamedMessage<E> = { readonly [N in keyof E]: { readonly name: N; readonly data: E[N] } }[keyof E]

/** The messages of an event source: what `decode` returns, or named messages if `events` says how each is decoded. */
export type EventMessage<T, E> = [E] extends [never] ? T : E extends readonly unknown[] ? T : NamedMessage<E>

/** The decoder of each event name. */
export type EventDecoders<E> = { readonly [N in keyof E]: Decode<string, E[N]> }

/** Options of `fromEventSource`. `E` is the type of the data by the name of the event, if `events` has decoders. */
export interface EventSourceOptions<T, E = never>
  extends RequestOptions,
    RepeatOptions,
    Pick<Implementations, 'fetch'>,
    EndOptions<EventMessage<T, E>>,
    GoneOptions {
  /**
   * The event names to deliver. Default: all, except with the native engine, which receives only `message` and the
   * names that are listed here.
   *
   * Or the decoder of each event name: `{ tick: json<Tick>(), alert: json<Alert>() }`. Then a message is `{ name, data }`,
   * and `name` tells the types apart. `message` is the name of an event without one. It replaces `decode`.
   */
  readonly events?: readonly string[] | EventDecoders<E> | undefined
  /**
   * Turns the text of an event into a message: `json<Tick>()`, a function of the text, or a synchronous Standard Schema,
   * which receives the parsed JSON. Default: the text itself.
   */
  readonly decode?: Decode<string, T> | undefined
  /** What happens to a message that cannot be decoded. Default `'skip'`: one bad message does not end the wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /**
   * What opens the connection. Default: `fetch`. `xhrEngine()` serves hosts whose `fetch` cannot stream, and
   * `nativeEngine()` uses the browser's EventSource.
   */
  readonly engine?: StreamEngine | EventSourceEngine | undefined
  /** The event id to resume after on the first attempt. Default: none; the server decides where to start. */
  readonly resumeFrom?: string | undefined
  /**
   * The query parameter that carries the last event id. Default: none, the `Last-Event-ID` header carries it. With the
   * native engine, which cannot send headers: `'lastEventId'`. Useful across origins, where the header causes a
   * preflight.
   */
  readonly lastEventIdQuery?: string | undefined
  /**
   * The maximum length of one event, in UTF-16 code units. Default 8 Mi. A longer event fails the wire with kind
   * `overflow`, because the server would send it again. `xhrEngine()` supports at most 12 Mi.
   */
  readonly maxEventLength?: number | undefined
  /**
   * How long an attempt may wait for the response headers, in milliseconds. Default 10,000, growing to 20,000 with
   * failures: browsers delay connections to hosts that failed, and a shorter limit would always expire.
   */
  readonly connectTimeoutMs?: number | undefined
  /**
   * How long the connection may be silent before it is replaced, in milliseconds. Default `'auto'`: no limit until the
   * server has sent comments as heartbeats. Then 2.5 times the longer of the heartbeat interval and the longest silence
   * so far, between 20,000 and 300,000. The native engine sees only messages, so `'auto'` sets no limit there.
   */
  readonly stallTimeoutMs?: number | 'auto' | undefined
  /**
   * When to reconnect, after which delay, and when to give up. `false` never reconnects.
   * Default: the defaults of `ReconnectPolicy`.
   */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

/** Makes the attempts of `fromEventSource` in a way of its own. */
export interface EventSourceEngine {
  readonly name: string
  /** @internal */
  readonly connect: <T>(session: EventSourceSession<T>, attempt: Attempt<T>) => Promise<void>
}

/** What the attempts of one subscription share. */
export interface EventSourceSession<T> {
  readonly options: EventSourceOptions<T>
  readonly makeRequest: MakeRequest
  readonly guard: RepeatGuard
  /** The event names to deliver. `undefined`: all. */
  readonly names: readonly string[] | undefined
  readonly decode: (text: string, id?: string, name?: string) => T | typeof SKIPPED
  /** The text of the last event that had an id, to recognize it when the server replays it. */
  lastText: string | undefined
}
