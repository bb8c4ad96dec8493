import type { Decode } from '../../decoders/decode-message.ts'
import { createWire } from '../../engine/reconnecting.ts'
import { requestMaker, requestMethod } from '../../http/request.ts'
import { hasOneTimeBody, NO_REPETITION, withoutBodyRepeat } from '../../http/request-wire.ts'
import { fetchEngine } from '../../http/stream-engine.ts'
import { repeatGuard } from '../../http/unsafe-request.ts'
import type { DecodeRequired, NeedsDecode } from '../../message-type.ts'
import { isRepeatable, streamPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireEventSourceOptions } from './check-options.ts'
import { eventDecoder, eventNames } from './named-events.ts'
import type { EventMessage, EventSourceOptions, EventSourceSession } from './options.ts'
import { connectStreamed } from './streamed-attempt.ts'

const CONNECT_TIMEOUT_MS = 10_000

/**
 * Connects to a stream of Server-Sent Events (HTML Standard §9.2). After a lost connection it reconnects and resumes
 * after the last event id.
 *
 * - The end of the body, a lost connection and retryable statuses become `waiting`. A 204 completes the wire.
 * - A final status, or a body that is not an event stream, fails with an `HttpError`.
 * - Fresh credentials that are refused fail with a `WireError` of kind `auth`, and an event longer than
 *   `maxEventLength` with kind `overflow`.
 * - A method that is not idempotent is not repeated, unless `resume` or an `idempotencyKey` makes that safe.
 *
 * @param url The URL of the stream, or a function that returns it for each attempt.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromEventSource, json, messages } from 'rxwire'
 *
 * fromEventSource('/ticks', { events: ['tick'], decode: json<{ price: number }>() })
 *   .pipe(messages())
 *   .subscribe(({ price }) => console.info(price))
 * ```
 */
export function fromEventSource(url: Provider<string | URL>): Wire<string>
export function fromEventSource<T = string, E = never>(
  url: Provider<string | URL>,
  options: NeedsDecode<string, T, DecodeRequired<Decode<string, T>>> & EventSourceOptions<T, E>,
): Wire<EventMessage<T, E>>
export function fromEventSource<T, E>(url: Provider<string | URL>, given: EventSourceOptions<T, E> = {}): Wire<T> {
  // The messages of the wire are `T` from here on, also if the decoders of `events` make them.
  const options = given as unknown as EventSourceOptions<T>
  requireEventSourceOptions(url, options)
  const { engine } = options
  const basePolicy = streamPolicy(options.reconnect)
  const policy = hasOneTimeBody(options) ? withoutBodyRepeat(basePolicy) : basePolicy
  return createWire(
    (memory) => {
      const makeRequest = requestMaker(url, options, memory)
      const decode = eventDecoder(options)
      const guard = repeatGuard(memory, options)
      const session: EventSourceSession<T> = {
        options,
        makeRequest,
        guard,
        names: eventNames(options),
        decode,
        lastText: undefined,
      }
      // Not at the call: a host that renders on a server may have no `fetch` that streams, and needs none.
      return (attempt) =>
        engine !== undefined && 'connect' in engine
          ? engine.connect(session, attempt)
          : connectStreamed(session, engine ?? fetchEngine(options), attempt)
    },
    {
      ...policy,
      // [law] 7: a request that is not safe to repeat is never repeated.
      ...(!isRepeatable(requestMethod(options), options) && NO_REPETITION),
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      resumeFrom: options.resumeFrom,
      onGone: options.onGone,
    },
  )
}
