import { type AllTypeArguments, type DurableStreamOptions, fromDurableStream } from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type HookUrl, requestPart, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/**
 * Options of {@link useDurableStream}: those of `fromDurableStream` and of the hook. Components with the same `key` share
 * a connection only if their urls are equal.
 */
export type UseDurableStreamOptions<T> = DurableStreamOptions<T> & UrlHookOptions

/**
 * Subscribes a component to a stream of the Durable Streams protocol. It connects after the first render, continues at
 * the last offset, and closes on unmount. Options and callbacks may be written inline.
 *
 * When a changed option takes effect:
 * - `url`, `baseUrl`, `query`, `enabled`, `key`: at once. Another `url`, `baseUrl` or `query` opens another connection.
 * - `headers`, and a `url` function: with the next request.
 * - `decode`, `endsWhen`, `failsWhen`, `onBadMessage`, `fold`: with the next batch.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - All others, and a schema as `decode`: when another connection opens.
 *
 * `decode`, `endsWhen` and `failsWhen` may be added while the connection is open. A later `onBadMessage` is ignored until
 * another connection opens.
 *
 * @param url The URL of the stream, or a function that returns it for each request. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromDurableStream`; `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`; `enabled`, `key`, `lingerMs`, `publishEveryMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { useDurableStream } from 'rxwire/react'
 *
 * export function Messages() {
 *   const { data, connection } = useDurableStream('/streams/chat', { decode: json<{ text: string }>(), keep: 50 })
 *   return (
 *     <section aria-busy={connection !== 'open'}>
 *       {data.map(({ text }, index) => <p key={index}>{text}</p>)}
 *     </section>
 *   )
 * }
 * ```
 */
export function useDurableStream<T = unknown, S = T | undefined>(
  url: HookUrl,
  options?: UseDurableStreamOptions<T> & LastView<T, S>,
): WireResult<S>
export function useDurableStream<T = unknown, S = T[]>(
  url: HookUrl,
  options: UseDurableStreamOptions<T> & KeptView<T, S>,
): WireResult<S>
export function useDurableStream<T = unknown, D = AllTypeArguments, S = D>(
  url: HookUrl,
  options: UseDurableStreamOptions<T> & FoldedView<T, D, S>,
): WireResult<S>
export function useDurableStream<T, D, S>(
  url: HookUrl,
  options: UseDurableStreamOptions<T> & AnyView<T, D, S> = {},
): WireResult<S> {
  const address = addressOf('durable-stream', url, requestPart(options))
  return useUrlWire<T, D, S, typeof options>(url, options, { connect: fromDurableStream, address, live })
}

function live<T>(latest: Latest<DurableStreamOptions<T>>, resumeFrom: string | undefined): DurableStreamOptions<T> {
  return {
    ...latest.current,
    ...liveCallbacks(latest, {
      decode: (input) => input,
      endsWhen: () => false,
      failsWhen: () => undefined,
      onBadMessage: undefined,
    }),
    headers: liveRequest(latest).headers,
    resumeFrom: resumeFrom ?? latest.current.resumeFrom,
  }
}
