import type { Attempt } from '../../attempt.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { isEndMarker, isLastMessage } from '../../decoders/end-options.ts'
import { EVENT_STREAM } from '../../decoders/event-stream.ts'
import { GAP, isGapEvent } from '../../decoders/log-gap.ts'
import { watchForStall } from '../../engine/stall-watch.ts'
import { WireError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { watchSilence } from '../../http/diagnostics/silent-feed.ts'
import { openTextByFetch } from '../../http/fetch.ts'
import { brokenBody } from '../../http/network-error.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { checkEventStream, NO_CONTENT } from '../../http/response.ts'
import { type Implementations, nativeEventSource, streamingFetch } from '../../platform/globals.ts'
import type { EventSourceEngine, EventSourceOptions, EventSourceSession } from './options.ts'
import { replayGuard, withLastEventId } from './protocol.ts'

type NativeEventSource = NonNullable<Implementations['EventSource']>

/** Options of {@link nativeEngine}. */
export interface NativeEngineOptions {
  /** Used instead of the global `EventSource`. Default: the global one. */
  readonly EventSource?: NativeEventSource | undefined
}

/**
 * Returns an engine that uses the browser's EventSource: GET only, no headers, and only the events `message` and those
 * that are listed in `events`.
 *
 * @example
 * ```ts
 * import { fromEventSource, nativeEngine } from 'rxwire'
 *
 * fromEventSource('/ticks', { engine: nativeEngine(), events: ['tick'] }).subscribe()
 * ```
 */
export function nativeEngine(implementations: NativeEngineOptions = {}): EventSourceEngine {
  return {
    name: 'native',
    connect: (session, attempt) => {
      const Native = nativeEventSource(implementations)
      if (Native === undefined) throw new WireError('network', 'This host has no EventSource.')
      const unsupported = unsupportedByNative(session.options)
      if (unsupported === undefined) return connectNative(session, Native, attempt)
      throw new WireError('network', `The native EventSource does not support ${unsupported}.`)
    },
  }
}

/**
 * One attempt through the browser's EventSource. It is closed at the first error, because it would reconnect by itself
 * at a fixed interval without jitter. The engine reconnects instead. The native EventSource hides why it rejected a
 * response, so the same request is sent once more with `fetch`, to read the status.
 */
async function connectNative<T>(
  session: EventSourceSession<T>,
  EventSourceConstructor: NativeEventSource,
  attempt: Attempt<T>,
): Promise<void> {
  const { options } = session
  const plain = await session.makeRequest(attempt)
  plain.headers.set('accept', EVENT_STREAM)
  const parameter = options.lastEventIdQuery ?? 'lastEventId'
  const request = { ...plain, url: withLastEventId(plain.url, parameter, attempt.cursor) }
  const end = await listen(session, request, EventSourceConstructor, attempt)
  const fetch = streamingFetch(options)
  if (end === 'lost' || fetch === undefined) throw brokenBody(request)

  const response = await openTextByFetch(fetch)(request, attempt.signal)
  if ((await checkEventStream(request, response)) === 'done') return attempt.close(NO_CONTENT)
  const message = `${shownUrl(request)} rejected EventSource, but accepted fetch.`
  throw new WireError('network', message, { retryable: true })
}

/** Delivers events until the connection is lost, or the browser rejects the response. */
function listen<T>(
  session: EventSourceSession<T>,
  request: ResolvedRequest,
  EventSourceConstructor: NativeEventSource,
  attempt: Attempt<T>,
): Promise<'lost' | 'rejected'> {
  const { signal } = attempt
  const { names = ['message'], options } = session
  const { stallTimeoutMs = 'auto' } = options
  return new Promise((resolve, reject) => {
    if (signal.aborted) return
    const source = new EventSourceConstructor(request.url, { withCredentials: request.credentials === 'include' })
    signal.addEventListener('abort', () => source.close(), { once: true })
    const responded = trackHeldConnection(request, signal)
    // Heartbeats are not visible here, so only a limit that the caller has set applies.
    const limit = stallTimeoutMs === 'auto' ? Number.POSITIVE_INFINITY : stallTimeoutMs
    const watch = watchForStall(attempt, limit)
    const heard = watchSilence(request, signal)
    // The server may name an event `open` or `error`. Such an event has data.
    source.onopen = (event) => {
      if ('data' in event) return
      responded()
      watch.activity()
      attempt.open()
    }
    source.onerror = (event) => {
      if ('data' in event) return
      responded()
      watch.stop()
      // [spec] HTML §9.2.3: after a network error it would reconnect by itself; a response that it rejects closes it.
      resolve(source.readyState === source.CLOSED ? 'rejected' : 'lost')
      source.close()
    }
    const isReplayed = replayGuard(session, attempt)
    let inheritedId = ''
    const onMessage = ({ type, data, lastEventId }: MessageEvent<string>) => {
      // The event of a lost or opened connection.
      if (data === undefined) return
      watch.activity()
      heard()
      // An event without an id has that of an earlier one. An id that is repeated cannot be told from that.
      const id = lastEventId === inheritedId ? undefined : lastEventId
      inheritedId = lastEventId
      if (source.readyState === source.CLOSED) return
      const name = type === 'message' ? undefined : type
      try {
        if (isGapEvent(data, id, name)) return attempt.gap(id)
        if (!names.includes(type)) return
        if (isEndMarker(options, data, name)) return attempt.close({ wasClean: true })
        if (isReplayed(id, data)) return
        const message = session.decode(data, id, name)
        if (message !== SKIPPED) {
          const isLast = isLastMessage(options, message, id, name, () => shownUrl(request))
          attempt.message(message, id, name)
          if (isLast) attempt.close({ wasClean: true })
        } else {
          // A skipped event still moves the resume point, and shows that the server is alive.
          if (id !== undefined) attempt.moveCursor(id === '' ? undefined : id)
          attempt.progress('download', 0)
        }
      } catch (error) {
        source.close()
        reject(error)
      }
    }
    for (const name of new Set([...names, GAP])) source.addEventListener(name, onMessage)
  })
}

/** Returns the first option in use that the native EventSource does not support. */
export function unsupportedByNative<T>(options: EventSourceOptions<T>): string | undefined {
  const unsupported = ['method', 'headers', 'body', 'json', 'idempotencyKey'] as const
  return unsupported.find((name) => options[name] !== undefined)
}
