import { type AttemptSink, fromAttempt } from '../../attempt.ts'
import { type SseDecoder, sseDecoder } from '../../decoders/sse.ts'
import { CloseError, WireError } from '../../errors.ts'
import type { Provider } from '../../http/provider.ts'
import { type ResolvedRequest, resolveRequest } from '../../http/request.ts'
import { shownUrl } from '../../http/shown-url.ts'
import type { OpenText } from '../../http/text-response.ts'
import { stallTimeout } from '../../operators/stall-timeout.ts'
import { isRepeatable } from '../../policy/repeatable.ts'
import type { AttemptSession } from '../../reconnecting.ts'
import type { Wire } from '../../wire.ts'
import { EVENT_STREAM, judgeAnswer, NO_CONTENT } from './answer.ts'
import { type EventSourceOptions, maxEventLengthOf } from './options.ts'
import { replayGuard, withLastEventId } from './resume.ts'

// Shorter than the minute after which most proxies cut an idle connection, longer than a busy server's pause.
const STALL_MIN_MS = 20_000
const STALL_GAPS = 2.5
// A longest silence of hours was a sleep, and no heartbeat is that slow.
const STALL_MAX_MS = 300_000

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
      const from = session.cursor
      const request = await eventStreamRequest(url, options, session)
      // Whoever left while the providers were asked must not be connected any more.
      signal.throwIfAborted()
      const response = await openText(request, signal)
      if ((await judgeAnswer(request, response)) === 'done') return sink.close(NO_CONTENT)
      reader.begin(response.status, response.headers)
      const end = await response.read((text, loaded) => reader.take(text, loaded))
      if (end === 'rotate') requireRotation(request, options)
      // A rotated request is still the same attempt: nothing has failed, and there is a new place to go on from.
      // Without one, the same would come again at once, and that is for the engine to slow down.
      if (end === 'end' || session.cursor === from) {
        throw new CloseError(`${shownUrl(request)} ended the stream.`, { wasClean: true, retryable: true })
      }
    }
  })
  return attempt.pipe(
    stallTimeout(
      stallTimeoutMs === 'auto'
        ? (longestGapMs) =>
            hasHeartbeat
              ? Math.min(STALL_MAX_MS, Math.max(STALL_MIN_MS, STALL_GAPS * longestGapMs))
              : Number.POSITIVE_INFINITY
        : stallTimeoutMs,
    ),
  )
}

/** What an attempt knows between one piece of text and the next. */
class StreamReader {
  readonly #session: AttemptSession
  readonly #sink: AttemptSink<string>
  readonly #wanted: ReadonlySet<string> | undefined
  readonly #maxEventLength: number
  readonly #onHeartbeat: () => void
  #decoder: SseDecoder | undefined
  #isOpen = false
  #messages = 0

  constructor(
    options: EventSourceOptions<unknown>,
    session: AttemptSession,
    sink: AttemptSink<string>,
    onHeartbeat: () => void,
  ) {
    this.#session = session
    this.#sink = sink
    this.#wanted = options.events && new Set(options.events)
    this.#maxEventLength = maxEventLengthOf(options)
    this.#onHeartbeat = onHeartbeat
  }

  /** A connection begins, the first of the attempt or one that takes over from it. */
  begin(status: number, headers: Headers): void {
    const session = this.#session
    const isReplayed = replayGuard(session)
    this.#decoder = sseDecoder(
      {
        onId: (id) => session.resumeFrom(id),
        onEvent: ({ data, name, ownId }) => {
          if (isReplayed(ownId, data)) return
          if (this.#wanted !== undefined && !this.#wanted.has(name ?? 'message')) return
          this.#messages += 1
          this.#sink.message(data, session.cursor, name)
        },
        onRetry: (delayMs) => session.waitAtLeast(delayMs),
        onComment: this.#onHeartbeat,
      },
      this.#maxEventLength,
    )
    if (!this.#isOpen) this.#sink.open({ status, headers })
    this.#isOpen = true
  }

  take(text: string, loaded: number): void {
    const before = this.#messages
    this.#decoder?.push(text)
    // A heartbeat, or a part of something long: no message, but a sign of life.
    if (this.#messages === before) this.#sink.progress('download', loaded)
  }
}

async function eventStreamRequest(
  url: Provider<string | URL>,
  options: EventSourceOptions<unknown>,
  session: AttemptSession,
): Promise<ResolvedRequest> {
  const { attempt, cursor, cause } = session
  const request = await resolveRequest(url, options, { attempt, cursor, cause })
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

/** Going on with a new request is sending it again. */
function requireRotation(request: ResolvedRequest, options: EventSourceOptions<unknown>): void {
  if (isRepeatable(request.method, options)) return
  throw new WireError(
    'overflow',
    `${request.method} ${shownUrl(request)} has sent more than XHR should hold, and is not safe to repeat. Use the ` +
      'engine `fetch`, or say with `resume` that the server goes on from the last event id.',
  )
}

function utf8Bytes(text: string): string {
  let bytes = ''
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}
