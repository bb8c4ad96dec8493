import type { Attempt } from '../attempt.ts'
import { callSync, isTrue } from '../callback.ts'
import {
  type BadMessagePolicy,
  type Decode,
  decodeFunction,
  inputOf,
  messageDecoder,
  requireBadMessagePolicy,
  requireDecode,
  SKIPPED,
} from '../decoders/decode-message.ts'
import { type EndOptions, isLastMessage } from '../decoders/end-options.ts'
import { untilNextPoll } from '../engine/poll-timer.ts'
import { createWire } from '../engine/reconnecting.ts'
import { requireTarget } from '../http/base-url.ts'
import { type FetchRequestOptions, requestByFetch } from '../http/fetch.ts'
import type { FetchBodies } from '../http/read-body.ts'
import {
  type MakeRequest,
  type RequestOptions,
  type ResolvedRequest,
  requestMaker,
  requireRequestOptions,
  shownUrl,
} from '../http/request.ts'
import { limitTime, requireRepeatable } from '../http/request-wire.ts'
import { requireValidators, sendValidators, validatorsOf } from '../http/validators.ts'
import type { DecodeRequired, MessageOf, NeedsDecode } from '../message-type.ts'
import { type ReconnectPolicy, type RepeatOptions, streamPolicy } from '../policy/retry-policy.ts'
import type { Provider } from '../provider.ts'
import { requireFunction, requireOneOf, requirePositive } from '../validate.ts'
import type { Wire } from '../wire.ts'

/** The types that a response can be read as. */
export type PollBodies = Pick<FetchBodies, 'json' | 'text' | 'blob' | 'arrayBuffer' | 'bytes'>

/** Options of {@link fromPoll}. `M` is the type of the messages; without `decode` it is not `T`. */
export interface PollOptions<T, R extends keyof PollBodies = keyof PollBodies, M = T>
  extends RequestOptions,
    Omit<FetchRequestOptions, 'responseType'>,
    Pick<RepeatOptions, 'idempotencyKey'> {
  /**
   * The time from a response to the next request, in milliseconds, ±10 %, or a function of the response that returns it,
   * for a server that sets its interval. Default 30,000.
   */
  readonly everyMs?: number | ((response: { readonly status: number; readonly headers: Headers }) => number) | undefined
  /** The type that the body is read as. Default `'json'`. */
  readonly responseType?: R | undefined
  /** The maximum size of a body, in bytes. A longer one fails the wire with kind `overflow`. Default: no limit. */
  readonly maxBytes?: number | undefined
  /** Turns the body into the message: a function, or a synchronous Standard Schema. Default: the body itself. */
  readonly decode?: Decode<PollBodies[R], T> | undefined
  /** What happens to a response that cannot be decoded. Default `'skip'`: the next one may be valid. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /** The last message: it is delivered, then the wire completes. Default: none, the poll does not end. */
  readonly endsWhen?: EndOptions<M>['endsWhen']
  /** Returns the failure that a message reports, or `undefined`. Then the wire fails with kind `closed`. Default: none. */
  readonly failsWhen?: EndOptions<M>['failsWhen']
  /** Whether a response is the last: its message is delivered, then the wire completes. Default: none is. */
  readonly endsOnResponse?: ((response: { readonly status: number; readonly headers: Headers }) => boolean) | undefined
  /** Whether the poll pauses while the page is hidden, and polls at once when it is shown again. Default `true`. */
  readonly pauseWhenHidden?: boolean | undefined
  /** The id of the last message that the caller has: the validators of its response. Default: none. */
  readonly resumeFrom?: string | undefined
  /** How long one request may take, its body included, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /**
   * When to retry after a failure, after which delay, and when to give up. `false` never retries.
   * Default: the defaults of `ReconnectPolicy`.
   */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

/** The options for any response type. */
type AnyPollOptions<T> = Omit<PollOptions<T>, 'decode'> & { readonly decode?: Decode<never, T> | undefined }

const EVERY_MS = 30_000
const MIN_SERVER_INTERVAL_MS = 250
const JITTER = 0.1
const TIMEOUT_MS = 30_000

/**
 * Polls a URL, one request at a time: `connecting`, `open` with the first response, and a `message` for each response
 * that is new. If the server sends validators (ETag, Last-Modified), an unchanged response (304) is not a message.
 *
 * A retryable failure becomes `waiting`. Any other failure is an `HttpError` or a `WireError`.
 *
 * @param url The URL, or a function that returns it for each request.
 * @throws TypeError if the URL or an option is invalid, or if the method is not safe to repeat.
 *
 * @example
 * ```ts
 * import { fromPoll, json, messages } from 'rxwire'
 *
 * fromPoll('/jobs/7', { decode: json<{ done: boolean }>(), everyMs: 2_000, endsWhen: ({ done }) => done })
 *   .pipe(messages())
 *   .subscribe(({ done }) => console.info(done))
 * ```
 */
export function fromPoll<T = never, R extends keyof PollBodies = 'json'>(
  url: Provider<string | URL>,
  options?: NeedsDecode<PollBodies[R], T, DecodeRequired<Decode<PollBodies[R], T>>> &
    PollOptions<T, R, MessageOf<T, PollBodies[R]>>,
): Wire<MessageOf<T, PollBodies[R]>>
export function fromPoll<T>(url: Provider<string | URL>, options: AnyPollOptions<T> = {}): Wire<T> {
  requirePollOptions(url, options)
  const decoder = options.decode ?? ((body: unknown) => body as T)
  // Parsed by the decoder, so that a body that is not JSON is a bad message.
  const isJson = (options.responseType ?? 'json') === 'json'
  return createWire(
    (memory) => {
      const makeRequest = requestMaker(url, options, memory)
      const run = decodeFunction<never, T>(decoder, inputOf(options.responseType))
      const decodeOne = messageDecoder<never, T>(
        isJson ? (text) => run(jsonOf(text) as never) : run,
        options.onBadMessage,
      )
      const reading: AnyPollOptions<T> = isJson ? { ...options, responseType: 'text' } : options
      return (attempt) => pollLoop(makeRequest, reading, decodeOne, attempt)
    },
    { ...streamPolicy(options.reconnect), resumeFrom: options.resumeFrom },
  )
}

/** Sends request after request, until one of them fails. */
async function pollLoop<T>(
  makeRequest: MakeRequest,
  options: AnyPollOptions<T>,
  decodeOne: (body: never) => T | typeof SKIPPED,
  attempt: Attempt<T>,
): Promise<void> {
  const { everyMs = EVERY_MS, pauseWhenHidden = true, timeoutMs = TIMEOUT_MS } = options
  const { signal } = attempt
  const isNotModified = (status: number) => status === 304
  // Each request has a timeout of its own, and the time between two requests is not silence.
  attempt.onProbe(() => {})
  for (let isFirst = true; ; isFirst = false) {
    let request: ResolvedRequest | undefined
    const clearLimit = limitTime({ timeoutMs }, () => request, attempt)
    request = await makeRequest(attempt)
    signal.throwIfAborted()
    if (attempt.cursor !== undefined) sendValidators(request, attempt.cursor)
    // The HTTP cache would make equal requests wait for each other, and a cached response brings nothing new.
    const response = await requestByFetch(request, { cache: 'no-store', ...options }, signal, isNotModified)
    const { status, headers } = response
    if (isFirst) attempt.open({ status, headers })
    // Nothing new, but the server is alive.
    if (status === 304) attempt.progress('download', 0)
    else {
      const message = decodeOne((await response.read()) as never)
      if (message !== SKIPPED) {
        const validators = validatorsOf(headers)
        // A response without validators leaves the earlier ones stale.
        if (validators === undefined) attempt.moveCursor(undefined)
        const isLast = isLastMessage(options, message, validators, undefined, () => shownUrl(response))
        // [law] 5: a server may ignore the validators and send an unchanged response again.
        if (validators !== undefined && validators === attempt.cursor) attempt.progress('download', 0)
        else attempt.message(message, validators)
        if (isLast) return attempt.close({ wasClean: true })
      }
    }
    if (isTrue('endsOnResponse', () => options.endsOnResponse?.({ status, headers })))
      return attempt.close({ wasClean: true })
    clearLimit()
    const intervalMs =
      typeof everyMs === 'number' ? everyMs : intervalOf(callSync('everyMs', () => everyMs({ status, headers })))
    await untilNextPoll(intervalMs * (1 + JITTER * (2 * Math.random() - 1)), pauseWhenHidden, signal)
  }
}

/** An empty body (204) is `undefined`. */
function jsonOf(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text)
}

/** A server may set any interval, so the result of the function is checked. [law] 15: no tight loop. */
function intervalOf(ms: number): number {
  return Number.isFinite(ms) && ms > 0 ? Math.max(ms, MIN_SERVER_INTERVAL_MS) : EVERY_MS
}

function requirePollOptions<T>(url: unknown, options: AnyPollOptions<T>): void {
  requireTarget(url, options)
  requireRequestOptions(options)
  requireRepeatable(options)
  if (typeof options.everyMs !== 'function') requirePositive('everyMs', options.everyMs)
  requirePositive('timeoutMs', options.timeoutMs)
  requirePositive('maxBytes', options.maxBytes)
  requireFunction('endsOnResponse', options.endsOnResponse)
  requireOneOf('responseType', options.responseType, ['json', 'text', 'blob', 'arrayBuffer', 'bytes'])
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  requireFunction('endsWhen', options.endsWhen)
  requireFunction('failsWhen', options.failsWhen)
  requireValidators('resumeFrom', options.resumeFrom)
}
