import { fromAttempt } from '../../attempt.ts'
import { sseDecoder } from '../../decoders/event-stream.ts'
import type { AttemptSession } from '../../engine/reconnecting.ts'
import { StallWatch } from '../../engine/stall-watch.ts'
import { CloseError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { watchBuffering } from '../../http/diagnostics/proxy-buffering.ts'
import { type MakeRequest, type ResolvedRequest, shownUrl } from '../../http/request.ts'
import type { OpenText } from '../../http/response.ts'
import { stallError } from '../../operators/stall-timeout.ts'
import type { Wire } from '../../wire.ts'
import type { EventSourceOptions } from './options.ts'
import { EVENT_STREAM, checkResponse, NO_CONTENT, replayGuard, withLastEventId } from './protocol.ts'
import { ServerHeartbeat } from './server-heartbeat.ts'

const MAX_EVENT_LENGTH = 8 * 1024 * 1024

/** One attempt over a response that is read as text: engines `fetch` and `xhr`. */
export function streamedAttempt(
  makeRequest: MakeRequest,
  options: EventSourceOptions<unknown>,
  openText: OpenText,
  session: AttemptSession,
): Wire<string> {
  const { stallTimeoutMs = 'auto' } = options
  return fromAttempt(async (sink, signal) => {
    // Its silence is limited below: nothing more needs to be done after a sleep.
    const limitsSilence = () => session.onProbe(() => {})
    if (stallTimeoutMs !== 'auto') limitsSilence()
    const request = await eventStreamRequest(makeRequest, options, session)
    // Whoever left while the providers were asked must not be connected any more.
    signal.throwIfAborted()
    const answered = trackHeldConnection(request, signal)
    const response = await openText(request, signal)
    answered()
    if ((await checkResponse(request, response)) === 'done') return sink.close(NO_CONTENT)
    sink.open({ status: response.status, headers: response.headers })

    const heartbeat = new ServerHeartbeat()
    const limit = stallTimeoutMs === 'auto' ? (longestGapMs: number) => heartbeat.limitMs(longestGapMs) : stallTimeoutMs
    const watch = new StallWatch(limit, (silentMs, limitMs) => sink.fail(stallError(silentMs, limitMs)), signal)
    watch.activity()

    const wanted = options.events && new Set(options.events)
    const isReplayed = replayGuard(session)
    // Where the stream is. A message tells the engine; an id without one has to be told.
    let { cursor } = session
    let isTold = true
    let messages = 0
    const decoder = sseDecoder(
      {
        onId: (id) => {
          cursor = id
          isTold = false
        },
        onEvent: ({ data, event, id }) => {
          if (isReplayed(id, data) || wanted?.has(event ?? 'message') === false) return
          messages += 1
          isTold = true
          sink.message(data, cursor, event)
        },
        onRetry: (delayMs) => session.waitAtLeast(delayMs),
        onComment: () => {
          heartbeat.comment()
          if (heartbeat.isKnown) limitsSilence()
        },
      },
      options.maxEventLength ?? MAX_EVENT_LENGTH,
    )
    const onText = (text: string, loaded: number) => {
      const before = messages
      decoder.push(text)
      if (!isTold && cursor !== undefined) session.resumeFrom(cursor)
      isTold = true
      watch.activity()
      // A heartbeat, or a part of something long: no message, but a sign of life.
      if (messages === before) sink.progress('download', loaded)
    }
    await response.read(watchBuffering(request, onText))
    throw new CloseError(`${shownUrl(request)} ended the stream.`, { wasClean: true, retryable: true })
  })
}

async function eventStreamRequest(
  makeRequest: MakeRequest,
  options: EventSourceOptions<unknown>,
  session: AttemptSession,
): Promise<ResolvedRequest> {
  const request = await makeRequest(session)
  const { cursor } = session
  request.headers.set('accept', EVENT_STREAM)
  if (options.idempotencyKey !== undefined) request.headers.set('idempotency-key', options.idempotencyKey)
  const { lastEventIdQuery } = options
  if (lastEventIdQuery !== undefined) {
    return { ...request, url: withLastEventId(request.url, lastEventIdQuery, cursor) }
  }
  // [spec] Sent as UTF-8, where a header value is a string of bytes.
  if (cursor) request.headers.set('last-event-id', utf8Bytes(cursor))
  return request
}

function utf8Bytes(text: string): string {
  let bytes = ''
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}
