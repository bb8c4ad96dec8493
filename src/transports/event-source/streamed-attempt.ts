import type { Attempt } from '../../attempt.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { isEndMarker, isLastMessage } from '../../decoders/end-options.ts'
import { EVENT_STREAM, sseDecoder } from '../../decoders/event-stream.ts'
import { isGapEvent } from '../../decoders/log-gap.ts'
import { watchForStall } from '../../engine/stall-watch.ts'
import { CloseError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { watchBuffering } from '../../http/diagnostics/proxy-buffering.ts'
import { watchSilence } from '../../http/diagnostics/silent-feed.ts'
import { TextSlices } from '../../http/read-body.ts'
import { type ResolvedRequest, setLastEventId, shownUrl } from '../../http/request.ts'
import { NO_POSITION } from '../../http/request-wire.ts'
import { checkEventStream, NO_CONTENT } from '../../http/response.ts'
import type { StreamEngine } from '../../http/stream-engine.ts'
import { isIdempotent } from '../../policy/retry-policy.ts'
import type { EventSourceSession } from './options.ts'
import { replayGuard, withLastEventId } from './protocol.ts'
import { ServerHeartbeat } from './server-heartbeat.ts'

const MAX_EVENT_LENGTH = 8 * 1024 * 1024

/** One attempt over a response that is read as text. */
export async function connectStreamed<T>(
  session: EventSourceSession<T>,
  { open: openText, canPause }: StreamEngine,
  attempt: Attempt<T>,
): Promise<void> {
  const { options } = session
  const { signal } = attempt
  const { stallTimeoutMs = 'auto' } = options
  // The stall watch replaces a dead connection, so there is nothing to probe after a sleep.
  const relyOnStallWatch = () => attempt.onProbe(() => {})
  if (stallTimeoutMs !== 'auto') relyOnStallWatch()
  session.guard.check()
  const request = await eventStreamRequest(session, attempt)
  // The subscriber may have unsubscribed while the providers ran.
  signal.throwIfAborted()
  session.guard.sent(request)
  // [law] 7: without a point to resume after, the server would act again.
  const actsAgain = options.resume === true && !isIdempotent(request.method, options.idempotencyKey)
  if (actsAgain && attempt.cursor === undefined) attempt.markUnrepeatable(NO_POSITION)
  const responded = trackHeldConnection(request, signal)
  const response = await openText(request, signal)
  responded()
  if ((await checkEventStream(request, response)) === 'done') return attempt.close(NO_CONTENT)
  attempt.open({ status: response.status, headers: response.headers })

  const heartbeat = new ServerHeartbeat()
  const limit = stallTimeoutMs === 'auto' ? (longestGapMs: number) => heartbeat.limitMs(longestGapMs) : stallTimeoutMs
  const watch = watchForStall(attempt, limit)
  watch.activity()
  const heard = watchSilence(request, signal)

  const wanted = session.names && new Set(session.names)
  const address = () => shownUrl(request)
  const isReplayed = replayGuard(session, attempt)
  let events = 0
  // Hot path: a local variable is faster than the getter of the signal.
  let isOver = false
  signal.addEventListener('abort', () => {
    isOver = true
  })
  // [spec] HTML §9.2.6: an empty id resets the last event id.
  const moveCursor = (id: string | undefined) => {
    if (id === undefined) return
    attempt.moveCursor(id === '' ? undefined : id)
    if (!actsAgain) return
    if (attempt.cursor === undefined) attempt.markUnrepeatable(NO_POSITION)
    else if (attempt.cursor === id) attempt.markRepeatable()
  }
  const decoder = sseDecoder(
    {
      onId: moveCursor,
      onEvent: (data, id, event) => {
        // The rest of a chunk is still parsed after the subscriber has left, or has reconnected.
        if (isOver) return
        if (isGapEvent(data, id, event)) return attempt.gap(id)
        if (isEndMarker(options, data, event)) return attempt.close({ wasClean: true })
        if (isReplayed(id, data) || wanted?.has(event ?? 'message') === false) return moveCursor(id)
        const message = session.decode(data, id, event)
        // A skipped event moves the resume point, and is reported as progress below.
        if (message === SKIPPED) return moveCursor(id)
        events += 1
        const isLast = isLastMessage(options, message, id, event, address)
        attempt.message(message, id, event)
        if (isLast) return attempt.close({ wasClean: true })
        if (actsAgain && attempt.last?.id === undefined) attempt.markUnrepeatable(NO_POSITION)
        else if (actsAgain) attempt.markRepeatable()
      },
      onRetry: (delayMs) => attempt.retryAfter(delayMs),
      onComment: () => {
        heartbeat.comment()
        if (heartbeat.isKnown) relyOnStallWatch()
      },
    },
    options.maxEventLength ?? MAX_EVENT_LENGTH,
  )
  const slices = new TextSlices(
    signal,
    (slice) => decoder.push(slice),
    () => attempt.ready(),
  )
  // The time in which the text is handled, or the consumer has no room, is not silence of the server.
  const untilHandled = (handled: Promise<void> | void): Promise<void> | undefined => {
    if (!(handled instanceof Promise)) return undefined
    watch.pause()
    return handled.then(() => watch.activity())
  }
  const onText = (text: string, loaded: number): Promise<void> | undefined => {
    const before = events
    // An engine that cannot pause would fill the memory during the turns of the page.
    const rest = canPause ? slices.push(text) : decoder.push(text)
    watch.activity()
    heard()
    // A heartbeat or a part of a long event: the server is alive, but there is no message.
    if (events === before) attempt.progress('download', loaded)
    return untilHandled(rest)
  }
  // The first question also tells the consumer that this engine can pause.
  if (canPause) await untilHandled(attempt.ready())
  await response.read(watchBuffering(request, onText))
  throw new CloseError(`${shownUrl(request)} ended the stream.`, { wasClean: true, retryable: true })
}

async function eventStreamRequest<T>(session: EventSourceSession<T>, attempt: Attempt<T>): Promise<ResolvedRequest> {
  const { lastEventIdQuery } = session.options
  const request = await session.makeRequest(attempt)
  const { cursor } = attempt
  request.headers.set('accept', EVENT_STREAM)
  if (lastEventIdQuery !== undefined) {
    return { ...request, url: withLastEventId(request.url, lastEventIdQuery, cursor) }
  }
  setLastEventId(request.headers, cursor)
  return request
}
