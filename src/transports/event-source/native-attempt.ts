import { type AttemptSink, fromAttempt } from '../../attempt.ts'
import type { AttemptSession } from '../../engine/reconnecting.ts'
import { WireError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { openTextByFetch } from '../../http/fetch.ts'
import { brokenBody } from '../../http/network-error.ts'
import { type MakeRequest, type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { stallTimeout } from '../../operators/stall-timeout.ts'
import { type Implementations, streamingFetch } from '../../platform/globals.ts'
import type { Wire } from '../../wire.ts'
import type { EventSourceOptions } from './options.ts'
import { EVENT_STREAM, checkResponse, NO_CONTENT, replayGuard, withLastEventId } from './protocol.ts'

type NativeEventSource = NonNullable<Implementations['EventSource']>

/**
 * One attempt through the browser's EventSource. It is closed at the first error, before it reconnects by
 * itself on a fixed interval without jitter: the engine does that better, and tells of it. And because it hides
 * why it was refused, a refusal is looked at once more, with `fetch`.
 */
export function nativeAttempt(
  makeRequest: MakeRequest,
  options: EventSourceOptions<unknown>,
  EventSourceConstructor: NativeEventSource,
  session: AttemptSession,
): Wire<string> {
  const { stallTimeoutMs = 'auto' } = options
  const attempt = fromAttempt<string>(async (sink, signal) => {
    const plain = await makeRequest(session)
    plain.headers.set('accept', EVENT_STREAM)
    const parameter = options.lastEventIdQuery ?? 'lastEventId'
    const request = { ...plain, url: withLastEventId(plain.url, parameter, session.cursor) }
    const how = await listen(request, options, EventSourceConstructor, session, sink, signal)
    const fetch = streamingFetch(options)
    if (how === 'broken' || fetch === undefined) throw brokenBody(request)

    const response = await openTextByFetch(fetch)(request, signal)
    if ((await checkResponse(request, response)) === 'done') return sink.close(NO_CONTENT)
    throw new WireError('network', `${shownUrl(request)} was refused, but may not be any more.`, { retryable: true })
  })
  // Heartbeats cannot be seen here, so only a limit that the caller has set is kept.
  return stallTimeoutMs === 'auto' ? attempt : attempt.pipe(stallTimeout(stallTimeoutMs))
}

/** Delivers events until the connection breaks, or the browser refuses to go on with what was answered. */
function listen(
  request: ResolvedRequest,
  options: EventSourceOptions<unknown>,
  EventSourceConstructor: NativeEventSource,
  session: AttemptSession,
  sink: AttemptSink<string>,
  signal: AbortSignal,
): Promise<'broken' | 'refused'> {
  return new Promise((resolve) => {
    if (signal.aborted) return
    const source = new EventSourceConstructor(request.url, { withCredentials: request.credentials === 'include' })
    signal.addEventListener('abort', () => source.close(), { once: true })
    const answered = trackHeldConnection(request, signal)
    source.onopen = () => {
      answered()
      sink.open()
    }
    source.onerror = () => {
      // [spec] After a network error it would reconnect by itself; what it will not accept closes it.
      answered()
      resolve(source.readyState === source.CLOSED ? 'refused' : 'broken')
      source.close()
    }
    const isReplayed = replayGuard(session)
    const onMessage = ({ type, data, lastEventId }: MessageEvent<string>) => {
      const id = lastEventId || undefined
      if (!isReplayed(id, data)) sink.message(data, id ?? session.cursor, type === 'message' ? undefined : type)
    }
    for (const name of options.events ?? ['message']) source.addEventListener(name, onMessage)
  })
}
