import type { Attempt } from '../../attempt.ts'
import { type SseDecoder, sseDecoder } from '../../decoders/event-stream.ts'
import { connectLimitMs, lateResponse } from '../../engine/connect-limit.ts'
import { PollPacing, untilNextPoll } from '../../engine/poll-timer.ts'
import { HttpError, isWireError, WireError } from '../../errors.ts'
import { watchBuffering } from '../../http/diagnostics/proxy-buffering.ts'
import { fetchInit, requestByFetch, sendByFetch, textResponseOf } from '../../http/fetch.ts'
import { tooLarge } from '../../http/read-body.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { checkEventStream, contentTypeOf } from '../../http/response.ts'
import { heldTooLong, type ResponseLimits, withinLimits } from '../../http/response-limits.ts'
import { now } from '../../platform/clock.ts'
import { streamingFetch } from '../../platform/globals.ts'
import { delayWithin } from '../../policy/backoff.ts'
import { isQuietPoll } from '../../policy/http-status.ts'
import { streamPolicy } from '../../policy/retry-policy.ts'
import { controlOf, isOffset, type Position, payloadKind, positionOf, requestAt, START, TAIL } from './protocol.ts'
import type { StreamSession } from './stream-session.ts'

const CONNECT_TIMEOUT_MS = 10_000
const HOLD_TIMEOUT_MS = 35_000
const PAGE_STALL_TIMEOUT_MS = 30_000
// Servers end an event stream after about a minute.
const STALL_TIMEOUT_MS = 90_000
const MAX_RETRY_MS = 300_000
const MAX_BYTES = 64 * 1024 * 1024

/** What follows a response: the end of the wire, the next request at once, or the next request after a pause. */
type Following = 'end' | 'more' | 'pause'

/** One attempt: sends request after request, until one of them fails or the stream is closed. */
export class StreamReader<T> {
  readonly #session: StreamSession<T>
  readonly #attempt: Attempt<T>
  readonly #connectMs: number
  /** The delay between responses that the server asked for. */
  #retryMs = 0
  #hasOpened = false

  constructor(session: StreamSession<T>, attempt: Attempt<T>) {
    this.#session = session
    this.#attempt = attempt
    this.#connectMs = connectLimitMs(session.options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, attempt.attempt)
  }

  async run(): Promise<void> {
    const session = this.#session
    const attempt = this.#attempt
    const pacing = new PollPacing()
    session.pending.deliver(attempt)
    for (;;) {
      await attempt.ready()
      const { cursor } = attempt
      // The server no longer has the resume point, and the policy says where to continue.
      if (cursor === undefined) session.isCaughtUp = false
      const offset = cursor ?? (session.options.onGone === 'tail' ? TAIL : START)
      const { mode } = session
      const request = requestAt(await session.makeRequest(attempt), offset, mode, session.cursor)
      attempt.signal.throwIfAborted()
      const sentAtMs = now()
      const following = await (mode === 'sse' ? this.#readEvents(request) : this.#readPage(request, mode !== undefined))
      if (following === 'end') return attempt.close({ wasClean: true })
      const pauseMs = following === 'more' ? 0 : pacing.delayMs(now() - sentAtMs, attempt.cursor !== cursor)
      // [law] 14: the server may ask for a longer delay.
      const delayMs = Math.max(pauseMs, delayWithin({ floorMs: 0, spanMs: 0 }, this.#retryMs, Math.random, 0))
      if (delayMs > 0) await untilNextPoll(delayMs, false, attempt.signal)
    }
  }

  /** Reads a complete response: a page of what the stream has, or the response to a long poll. */
  async #readPage(request: ResolvedRequest, isHeld: boolean): Promise<Following> {
    const session = this.#session
    const attempt = this.#attempt
    const { options } = session
    const { holdTimeoutMs = HOLD_TIMEOUT_MS, maxBytes = MAX_BYTES } = options
    // Each request has a limit of its own, and is silent until then.
    if (isHeld) attempt.onProbe(() => {})
    const sentAtMs = now()
    const isQuiet = (status: number) => isHeld && isQuietPoll(status, now() - sentAtMs)
    const limits: ResponseLimits = {
      headTimeoutMs: isHeld ? holdTimeoutMs : this.#connectMs,
      lateHead: () => (isHeld ? heldTooLong(request, holdTimeoutMs) : lateResponse(this.#connectMs)),
      stallLimit: PAGE_STALL_TIMEOUT_MS,
    }
    return withinLimits(request, limits, attempt.signal, async (signal, onHead) => {
      // A page does not change, so the HTTP cache may have it. A live response must be new.
      const init = {
        ...(isHeld && { cache: 'no-store' as const }),
        ...options,
        maxBytes,
        responseType: 'bytes' as const,
      }
      const { status, headers, read } = await requestByFetch(request, init, signal, isQuiet)
      const watch = onHead()
      const position = positionOf(headers)
      if (position === undefined && !isQuiet(status)) throw notAStream(request, status, headers)
      this.#open(status, headers)
      const noNews = () => {
        attempt.progress('download', 0)
        return 'pause' as const
      }
      // A proxy gave up.
      if (position === undefined) return noNews()
      const bytes = (await read(() => watch.activity())) as Uint8Array
      const hasMoved = position.offset !== attempt.cursor
      if (status !== 204) session.kind = payloadKind(contentTypeOf(headers))
      const hasMessages = session.settle(attempt, { parts: [bytes], isEncoded: false }, position, request)
      const wasCaughtUp = session.isCaughtUp
      session.isCaughtUp ||= position.isAtTail || !hasMoved
      if (position.isClosed || (options.live === false && session.isCaughtUp)) return 'end'
      if (session.isCaughtUp !== wasCaughtUp || (hasMessages && !position.isAtTail)) return 'more'
      return hasMessages ? 'pause' : noNews()
    })
  }

  /** Reads an event stream until its clean end, which is a rotation if there was a control event. */
  async #readEvents(request: ResolvedRequest): Promise<Following> {
    const session = this.#session
    const attempt = this.#attempt
    const { options } = session
    const fetch = streamingFetch(options)
    if (fetch === undefined) {
      throw new WireError('network', "This host has no fetch that streams. Use live: 'long-poll', or pass a fetch.")
    }
    const { stallTimeoutMs = STALL_TIMEOUT_MS } = options
    let hasHead = false
    let hasControl = false
    const limits: ResponseLimits = {
      headTimeoutMs: this.#connectMs,
      lateHead: () => lateResponse(this.#connectMs),
      // [spec] §5.8: a server sends the first control event at once.
      stallLimit: () => (hasControl ? stallTimeoutMs : this.#connectMs),
    }
    try {
      return await withinLimits(request, limits, attempt.signal, async (signal, onHead) => {
        const init = { cache: 'no-store', ...fetchInit(options) } as const
        const response = textResponseOf(request, await sendByFetch(fetch, request, signal, init), signal)
        if ((await checkEventStream(request, response)) === 'done') return 'end'
        hasHead = true
        const watch = onHead()
        const { headers } = response
        this.#open(response.status, headers)
        const events = this.#eventDecoder(request, headers, () => {
          hasControl = true
          session.sseWorks()
        })
        await response.read(
          watchBuffering(request, (text, loaded) => {
            const before = attempt.last
            events.push(text)
            if (attempt.last === before) attempt.progress('download', loaded)
            const ready = attempt.ready()
            if (ready === undefined) return watch.activity()
            // The consumer is busy, and the server is not silent.
            watch.pause()
            return ready.then(() => watch.activity())
          }),
        )
        if (hasControl) return 'pause'
        const message = `${shownUrl(request)} ended the stream before a control event.`
        throw new WireError('truncated', message, { retryable: true })
      })
    } catch (error) {
      const isLate = isWireError(error) && error.kind === 'timeout'
      if (!hasControl && !attempt.signal.aborted && (hasHead || isLate)) session.sseFailed()
      throw error
    }
  }

  /** Holds data until its control event. Data without one is discarded, because its end is unknown. */
  #eventDecoder(request: ResolvedRequest, headers: Headers, onControl: () => void): SseDecoder {
    const session = this.#session
    const attempt = this.#attempt
    const { maxBytes = MAX_BYTES } = session.options
    // The header may be hidden from another origin.
    const isEncoded = headers.get('stream-sse-data-encoding') === 'base64' || session.kind === 'bytes'
    let parts: string[] = []
    let length = 0
    const onPosition = (position: Position) => {
      onControl()
      const batch = { parts, isEncoded }
      parts = []
      length = 0
      session.settle(attempt, batch, position, request)
      if (position.isClosed) attempt.close({ wasClean: true })
    }
    return sseDecoder(
      {
        onEvent: (data, _, event) => {
          // The rest of a chunk is still parsed after the subscriber has left.
          if (attempt.signal.aborted) return
          if (event === 'data') {
            length += data.length
            if (length > maxBytes) throw tooLarge(request, maxBytes)
            parts.push(data)
          } else if (event === 'control') {
            const position = controlOf(data)
            if (position !== undefined) onPosition(position)
          }
        },
        onRetry: (delayMs) => {
          this.#retryMs = Math.min(delayMs, streamPolicy(session.options.reconnect).maxRetryAfterMs ?? MAX_RETRY_MS)
          attempt.retryAfter(delayMs)
        },
        onId: () => {},
        onComment: () => {},
      },
      maxBytes,
      'maxBytes',
    )
  }

  #open(status: number, headers: Headers): void {
    if (this.#hasOpened) return
    this.#hasOpened = true
    // [spec] §8: the server continues exactly at an offset.
    this.#attempt.open({ status, headers, ...(isOffset(this.#attempt.cursor) && { continuity: 'resumed' }) })
  }
}

function notAStream(request: ResolvedRequest, status: number, headers: Headers): HttpError {
  return new HttpError(
    `${request.method} ${shownUrl(request)} responded without a valid Stream-Next-Offset. Is this the URL of a durable ` +
      'stream? Across origins, the server must list the header in Access-Control-Expose-Headers.',
    { status, headers, url: request.url, bodyText: '' },
  )
}
