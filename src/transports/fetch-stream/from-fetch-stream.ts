import { catchError, throwError } from 'rxjs'
import { messageDecoder, requireBadMessagePolicy, type SKIPPED } from '../../decoders/decode-message.ts'
import type { StreamDecoder } from '../../decoders/stream-decoder.ts'
import { text } from '../../decoders/text-and-bytes.ts'
import type { AttemptSession } from '../../engine/reconnecting.ts'
import { StallWatch } from '../../engine/stall-watch.ts'
import { isWireError, WireError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { watchBuffering } from '../../http/diagnostics/proxy-buffering.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { fromRequest, requestingEach } from '../../http/request-wire.ts'
import type { Provider } from '../../provider.ts'
import { currentDemand, type Demand } from '../../subscription-context.ts'
import { requireFunction, requireOneOf, requirePositive } from '../../validate.ts'
import type { Wire } from '../../wire.ts'
import { ByteRange, requireByteRange } from './byte-range.ts'
import { byCaller } from './continuation.ts'
import { type Answer, answerTo } from './message-reader.ts'
import { canWait, openBody } from './open-body.ts'
import type { FetchStreamOptions } from './options.ts'

/**
 * One request whose answer is delivered while it arrives: `connecting`, `open`, then `message` after `message`, and
 * `close` at its end. A model's answer, an export of a million rows, a log.
 *
 * It is one answer, and its end is the end: nothing reconnects after the first message, unless `resume` says that
 * the server goes on where it was. It fails with an `HttpError` on any status but 2xx, with a `WireError` of kind
 * `truncated` if it ends before `endsWhen` has seen its end, `network` if it breaks off, `closed` if `failsWhen`
 * finds an error in it, and `overflow` on a line or an event past its bound. Unsubscribing aborts: that is "stop".
 *
 * It asks past the HTTP cache, unless `cache` says otherwise (`'no-store'` by default).
 *
 * @param url Where to, or a function that says so for each attempt.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages, ndjson } from 'rxwire'
 *
 * fromFetchStream('/export', { decode: ndjson<{ id: number }>() }).pipe(messages()).subscribe(({ id }) => console.info(id))
 * ```
 */
export function fromFetchStream<T>(
  url: Provider<string | URL>,
  options: FetchStreamOptions<T> & { readonly decode: StreamDecoder<T> },
): Wire<T>
export function fromFetchStream(url: Provider<string | URL>, options?: FetchStreamOptions<string>): Wire<string>
export function fromFetchStream<T>(url: Provider<string | URL>, options: FetchStreamOptions<T> = {}): Wire<T> {
  requireOneOf('engine', options.engine, ['fetch', 'xhr'])
  requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  requireFunction('endsWhen', options.endsWhen)
  requireFunction('failsWhen', options.failsWhen)
  requireFunction('cursor', options.cursor)
  requireBadMessagePolicy(options.onBadMessage)
  requireOneOf('resume', options.resume, [true, false, 'range'])
  if (options.resume === 'range') requireByteRange(options)
  // Without a decoder the text is the message: `T` is `string` then.
  const decoder = options.decode ?? (text() as unknown as StreamDecoder<T>)

  const begin = () => {
    // Whoever subscribes now is whom the body is read for.
    const demand = canWait(options) ? currentDemand() : undefined
    const decodeOne = messageDecoder<never, T>(decoder.decode, options.onBadMessage)
    return (makeRequest: () => Promise<ResolvedRequest>, session: AttemptSession) =>
      streamAttempt(makeRequest, options, decoder, decodeOne, demand, session)
  }
  return requestingEach(url, { ...options, resume: options.resume === true }, begin, options.initialCursor)
}

function streamAttempt<T>(
  makeRequest: () => Promise<ResolvedRequest>,
  options: FetchStreamOptions<T>,
  decoder: StreamDecoder<T>,
  decodeOne: (frame: never) => T | typeof SKIPPED,
  demand: Demand | undefined,
  session: AttemptSession,
): Wire<T> {
  let answer: Answer | undefined
  const continuation = options.resume === 'range' ? new ByteRange(session.cursor) : byCaller(options.resume === true)
  // What has been delivered would come twice, unless the server goes on after it.
  const isFinal = () => answer !== undefined && answer.delivered > 0 && !continuation.canGoOn
  const attempt = fromRequest<T>(options, makeRequest, async (request, sink, signal) => {
    continuation.askFor(request)
    const answered = trackHeldConnection(request, signal)
    const opened = await openBody(request, options, decoder.reads, signal).catch((error) => {
      if (!continuation.isWhole(request, error)) throw error
    })
    answered()
    if (opened === undefined) {
      sink.close({ wasClean: true })
      return
    }
    const { status, headers, read } = opened
    continuation.begin(request, status, headers)
    sink.open({ status, headers })

    const { stallTimeoutMs = Number.POSITIVE_INFINITY } = options
    const watch = new StallWatch(stallTimeoutMs, () => sink.fail(silent(request, stallTimeoutMs)), signal)
    watch.activity()
    const current = answerTo(sink, options, decodeOne, shownUrl(request))
    answer = current
    const framer = decoder.begin((frame, id, name) => {
      current.onFrame(frame, continuation.idOf(frame, id), name)
      if (isFinal()) session.keep()
    })
    const { offset } = continuation
    const onPiece = (piece: unknown, loaded: number) => {
      framer.push(piece as never)
      sink.progress('download', offset + loaded, continuation.total(headers, loaded))
      // While nobody reads, it is not the server who is silent.
      const ready = demand?.ready()
      if (ready === undefined) return watch.activity()
      watch.pause()
      return ready.then(() => watch.activity())
    }
    await read(watchBuffering(request, onPiece))
    framer.end()
    if (current.isWhole) return
    continuation.end(request)
    if (options.endsWhen !== undefined) throw truncated(request)
    sink.close({ wasClean: true })
  })
  return attempt.pipe(
    catchError((error) => throwError(() => (isFinal() ? asFinal(error, continuation.whyNot) : error))),
  )
}

function truncated(request: ResolvedRequest): WireError {
  const message =
    `${request.method} ${shownUrl(request)} ended before its answer was whole: endsWhen has not seen its end. ` +
    'What has come of it was delivered.'
  return new WireError('truncated', message, { retryable: true })
}

function silent(request: ResolvedRequest, stallTimeoutMs: number): WireError {
  const message = `${request.method} ${shownUrl(request)} was silent for ${stallTimeoutMs} ms in its answer.`
  return new WireError('timeout', message, { retryable: true })
}

function asFinal(error: unknown, whyNot: string): unknown {
  return isWireError(error) && error.retryable
    ? new WireError(error.kind, error.message + whyNot, { cause: error })
    : error
}
