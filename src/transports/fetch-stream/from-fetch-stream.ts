import { ANY_TYPE, IS_IT_A_PAGE } from '../../advice.ts'
import type { Attempt } from '../../attempt.ts'
import { messageDecoder, type SKIPPED } from '../../decoders/decode-message.ts'
import { EVENT_STREAM } from '../../decoders/event-stream.ts'
import type { StreamDecoder } from '../../decoders/stream-decoder.ts'
import { text } from '../../decoders/text-and-bytes.ts'
import { StallWatch } from '../../engine/stall-watch.ts'
import { HttpError, WireError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { watchBuffering } from '../../http/diagnostics/proxy-buffering.ts'
import { watchSilence } from '../../http/diagnostics/silent-feed.ts'
import { TextSlices } from '../../http/read-body.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { requestWire } from '../../http/request-wire.ts'
import { contentTypeOf, NO_CONTENT, shownType } from '../../http/response.ts'
import { isIdempotent } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireFetchStreamOptions } from './check-options.ts'
import { byCaller } from './continuation.ts'
import { MessageReader } from './message-reader.ts'
import { type OpenedBody, openBody } from './open-body.ts'
import type { FetchStreamOptions } from './options.ts'

/**
 * Sends one request and delivers its response while it arrives: `connecting`, `open`, `message` for each record, and
 * `close` at the end. Use it for the response of a language model, a large export or a log.
 *
 * The end of the response ends the wire, and so does a 204. After the first message it does not reconnect, unless
 * `resume` says that the server can continue the response. Unsubscribing aborts the request.
 *
 * It fails with an `HttpError` on any status other than 2xx, and with a `WireError` of kind
 * - `network` if the connection is lost,
 * - `truncated` if the response ends before `endsWhen` or `endMarker` matched,
 * - `closed` if `failsWhen` returns a reason,
 * - `overflow` on a line or an event that is longer than its limit.
 *
 * The request bypasses the HTTP cache, unless `cache` is given.
 *
 * @param url The URL, or a function that returns it for each attempt.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages, ndjson } from 'rxwire'
 *
 * fromFetchStream('/export', { decode: ndjson<{ id: number }>() })
 *   .pipe(messages())
 *   .subscribe(({ id }) => console.info(id))
 * ```
 */
export function fromFetchStream<T>(
  url: Provider<string | URL>,
  options: FetchStreamOptions<T> & { readonly decode: StreamDecoder<T> },
): Wire<T>
export function fromFetchStream(url: Provider<string | URL>, options?: FetchStreamOptions<string>): Wire<string>
export function fromFetchStream<T>(url: Provider<string | URL>, options: FetchStreamOptions<T> = {}): Wire<T> {
  requireFetchStreamOptions(options)
  // Without a decoder the text is the message: `T` is `string` then.
  const decoder = options.decode ?? (text() as unknown as StreamDecoder<T>)
  const hasFunction = typeof url === 'function' || typeof options.body === 'function'
  const sendsLastEventId = options.resume === true && decoder.contentType === EVENT_STREAM && !hasFunction
  return requestWire(
    url,
    { ...options, resume: options.resume === true },
    () => {
      const decode = messageDecoder<never, T>(decoder.decode, options.onBadMessage)
      return (request, attempt) => readStream(request, options, decoder, decode, attempt, sendsLastEventId)
    },
    options,
  )
}

/** Sends the request of one attempt and delivers its response while it arrives. */
async function readStream<T>(
  request: ResolvedRequest,
  options: FetchStreamOptions<T>,
  decoder: StreamDecoder<T>,
  decode: (record: never, id?: string) => T | typeof SKIPPED,
  attempt: Attempt<T>,
  sendsLastEventId: boolean,
): Promise<void> {
  const { signal, cursor } = attempt
  const continuation =
    typeof options.resume === 'object'
      ? options.resume.continueFrom(cursor)
      : byCaller(options.resume === true, sendsLastEventId ? cursor : undefined)
  continuation.prepare(request)
  // [law] 7: without a point to resume after, the server would act again.
  const actsAgain = options.resume === true && !isIdempotent(request.method, options.idempotencyKey)
  if (actsAgain && cursor === undefined) attempt.markUnrepeatable(continuation.whyNot)
  const responded = trackHeldConnection(request, signal)
  const opened = await openBody(request, options, decoder.reads, signal).catch((error) => {
    if (!continuation.isComplete(request, error)) throw error
  })
  responded()
  if (opened === undefined) {
    attempt.close({ wasClean: true })
    return
  }
  const { status, headers, read } = opened
  requireContentType(request, opened, decoder, options)
  continuation.start(request, status, headers)
  attempt.open({ status, headers, ...(continuation.isProven && { continuity: 'resumed' }) })
  // [spec] RFC 9110 §15.3.5: a 204 has no body, so its end is not missing.
  if (status === 204) return attempt.close(NO_CONTENT)

  const { stallTimeoutMs = Number.POSITIVE_INFINITY } = options
  const watch = new StallWatch(stallTimeoutMs, () => attempt.fail(stalled(request, stallTimeoutMs)), signal)
  const heard = watchSilence(request, signal)
  const isPausable = options.engine?.canPause !== false
  const ready = () => (isPausable ? attempt.ready() : undefined)
  /** The time in which a piece is handled, or the consumer has no room, is not silence of the server. */
  const untilHandled = (handled: Promise<void> | undefined): Promise<void> | undefined => {
    if (handled === undefined) watch.activity()
    else watch.pause()
    return handled?.then(() => watch.activity())
  }
  const reader = new MessageReader(attempt, options, decode, (record) => decoder.decode(record), shownUrl(request))
  /** Whether the server can continue after a record that is no message. An empty id forgets where. */
  const judgeCursor = (id: string | undefined) => {
    if (continuation.canResume && id !== undefined && attempt.cursor === id) attempt.markRepeatable()
    else if (id === '' && (actsAgain || attempt.last !== undefined)) attempt.markUnrepeatable(continuation.whyNot)
  }
  const parser = decoder.start(
    (record, id, name) => {
      const before = attempt.last
      reader.read(record, continuation.idOf(record, id), name)
      if (attempt.last === before) return judgeCursor(id)
      // Another attempt would deliver the message again, unless the server resumes after it.
      if (continuation.canResume && attempt.last?.id !== undefined) attempt.markRepeatable()
      else attempt.markUnrepeatable(continuation.whyNot)
    },
    {
      moveCursor: (id) => {
        reader.moveCursor(id)
        judgeCursor(id)
      },
      gap: (id) => {
        attempt.gap(id)
        judgeCursor(id)
      },
      retryAfter: (delayMs) => attempt.retryAfter(delayMs),
    },
    { status, headers },
  )
  const { offset } = continuation
  // An engine that cannot pause would fill the memory during the turns of the page.
  const isDivided = decoder.reads === 'text' && decoder.keepsPieces !== true && isPausable
  const slices = new TextSlices(signal, (slice) => parser.push(slice as never), ready)
  await untilHandled(ready())
  await read(
    watchBuffering(request, (piece: unknown, loaded: number) => {
      heard()
      const rest = isDivided ? slices.push(piece as string) : parser.push(piece as never)
      attempt.progress('download', offset + loaded, continuation.total(headers, loaded))
      return untilHandled(isDivided ? (rest as Promise<void> | undefined) : ready())
    }),
  )
  reader.isAtEnd = true
  const isIncomplete = parser.end()
  if (reader.isComplete) return
  continuation.end(request)
  if (isIncomplete) throw truncated(request, 'its last event was complete')
  if (options.endMarker !== undefined) throw truncated(request, 'endMarker matched')
  if (options.endsWhen !== undefined) throw truncated(request, 'endsWhen matched')
  attempt.close({ wasClean: true })
}

/** @throws HttpError if the response has a type that the decoder does not read: a login page, or an error page. */
function requireContentType<T>(
  request: ResolvedRequest,
  { status, headers }: OpenedBody,
  { contentType }: StreamDecoder<T>,
  options: FetchStreamOptions<T>,
): void {
  const type = contentTypeOf(headers)
  const isAccepted = contentType === undefined ? type !== 'text/html' : type === contentType
  // [spec] RFC 9110 §15.3.5: a 204 has no body, so it has no type.
  if (isAccepted || status === 204 || options.contentType === 'ignore') return
  throw new HttpError(
    `${request.method} ${shownUrl(request)} responded with ${shownType(headers)} instead of ` +
      `${contentType ?? 'data'}.${IS_IT_A_PAGE}${ANY_TYPE}`,
    { status, headers, url: request.url, bodyText: '' },
  )
}

function truncated(request: ResolvedRequest, condition: string): WireError {
  const message = `${request.method} ${shownUrl(request)} ended before ${condition}. The messages received so far were delivered.`
  return new WireError('truncated', message, { retryable: true })
}

function stalled(request: ResolvedRequest, stallTimeoutMs: number): WireError {
  const message = `${request.method} ${shownUrl(request)} sent nothing for ${stallTimeoutMs} ms in its response.`
  return new WireError('timeout', message, { retryable: true })
}
