import { type AttemptSink, fromAttempt } from '../../attempt.ts'
import { type SseHandlers, sseDecoder } from '../../decoders/sse.ts'
import { CloseError } from '../../errors.ts'
import type { Provider } from '../../http/provider.ts'
import { type ResolvedRequest, resolveRequest } from '../../http/request.ts'
import type { OpenText } from '../../http/text-response.ts'
import { stallTimeout } from '../../operators/stall-timeout.ts'
import type { AttemptSession } from '../../reconnecting.ts'
import type { Wire } from '../../wire.ts'
import { judgeAnswer, NO_CONTENT } from './answer.ts'
import type { EventSourceOptions } from './options.ts'
import { replayGuard, withLastEventId } from './resume.ts'

const MAX_EVENT_LENGTH = 8 * 1024 * 1024
// Shorter than the minute after which most proxies cut an idle connection, longer than a busy server's pause.
const STALL_MIN_MS = 20_000
const STALL_GAPS = 2.5

/** One attempt over a response that is read as text: engines `fetch` and `xhr`. */
export function streamedAttempt(
  url: Provider<string | URL>,
  options: EventSourceOptions<unknown>,
  openText: OpenText,
  session: AttemptSession,
): Wire<string> {
  const { stallTimeoutMs = 'auto' } = options
  let hasHeartbeat = false
  const attempt = fromAttempt<string>(async (sink, signal) => {
    const reader = new StreamReader(options, session, sink, () => {
      hasHeartbeat = true
    })
    for (;;) {
      const request = await eventStreamRequest(url, options, { ...session, cursor: reader.lastEventId })
      const response = await openText(request, signal)
      if ((await judgeAnswer(request, response)) === 'done') return sink.close(NO_CONTENT)
      reader.begin(response.status, response.headers)
      const end = await response.read((text, loaded) => reader.take(text, loaded))
      // A rotated request is still the same attempt: nothing has failed, and the place is known.
      if (end === 'end') throw new CloseError(`${request.url} ended the stream.`, { wasClean: true, retryable: true })
    }
  })
  return attempt.pipe(
    stallTimeout(
      stallTimeoutMs === 'auto'
        ? (longestGapMs) =>
            hasHeartbeat ? Math.max(STALL_MIN_MS, STALL_GAPS * longestGapMs) : Number.POSITIVE_INFINITY
        : stallTimeoutMs,
    ),
  )
}

/** What an attempt knows between one piece of text and the next. */
class StreamReader {
  lastEventId: string | undefined
  readonly #sink: AttemptSink<string>
  readonly #maxEventLength: number
  readonly #handlers: SseHandlers
  #decoder = { push: (_: string) => {} }
  #isOpen = false
  #messages = 0

  constructor(
    options: EventSourceOptions<unknown>,
    session: AttemptSession,
    sink: AttemptSink<string>,
    onHeartbeat: () => void,
  ) {
    const wanted = options.events && new Set(options.events)
    this.lastEventId = session.cursor
    this.#sink = sink
    this.#maxEventLength = options.maxEventLength ?? MAX_EVENT_LENGTH
    const isReplayed = replayGuard(session.cursor)
    this.#handlers = {
      onId: (id) => {
        this.lastEventId = id
        session.resumeFrom(id)
      },
      onEvent: ({ data, name, ownId }) => {
        if (isReplayed(ownId)) return
        if (wanted !== undefined && !wanted.has(name ?? 'message')) return
        this.#messages += 1
        sink.message(data, this.lastEventId, name)
      },
      onRetry: (delayMs) => session.waitAtLeast(delayMs),
      onComment: onHeartbeat,
    }
  }

  begin(status: number, headers: Headers): void {
    this.#decoder = sseDecoder(this.#handlers, this.#maxEventLength)
    if (!this.#isOpen) this.#sink.open({ status, headers })
    this.#isOpen = true
  }

  take(text: string, loaded: number): void {
    const before = this.#messages
    this.#decoder.push(text)
    // A heartbeat, or a part of something long: no message, but a sign of life.
    if (this.#messages === before) this.#sink.progress('download', loaded)
  }
}

async function eventStreamRequest(
  url: Provider<string | URL>,
  options: EventSourceOptions<unknown>,
  context: AttemptSession,
): Promise<ResolvedRequest> {
  const request = await resolveRequest(url, options, context)
  request.headers.set('accept', 'text/event-stream')
  if (options.idempotencyKey !== undefined) request.headers.set('idempotency-key', options.idempotencyKey)
  const { lastEventIdQuery } = options
  if (lastEventIdQuery !== undefined) {
    return { ...request, url: withLastEventId(request.url, lastEventIdQuery, context.cursor) }
  }
  // [spec] Sent as UTF-8, where a header value is a string of bytes.
  if (context.cursor) request.headers.set('last-event-id', utf8Bytes(context.cursor))
  return request
}

function utf8Bytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}
