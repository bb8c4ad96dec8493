import type { Attempt } from '../../attempt.ts'
import { isTrue } from '../../callback.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { type EndOptions, isLastMessage } from '../../decoders/end-options.ts'
import { untilNextPoll } from '../../engine/poll-timer.ts'
import { StallWatch, stallError } from '../../engine/stall-watch.ts'
import { WireError } from '../../errors.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { requestByFetch } from '../../http/fetch.ts'
import { type MakeRequest, type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { after, now } from '../../platform/clock.ts'
import { TaskBudget } from '../../platform/task-budget.ts'
import { isQuietPoll } from '../../policy/http-status.ts'
import { cursorOf, type LongPollResponse, targetFor, withCursor } from './cursor.ts'
import type { LongPollOptions } from './options.ts'

const HOLD_TIMEOUT_MS = 35_000
const STALL_TIMEOUT_MS = 30_000
// A server that responds sooner does not hold requests, and must not be polled in a tight loop.
const INSTANT_MS = 1_000
const IDLE_MIN_MS = 250
const IDLE_MAX_MS = 15_000
// How soon a response that moved the cursor is followed by the next request: at most ten a second.
const NEWS_MIN_MS = 100
// How many messages are delivered between two looks at the clock.
const MESSAGES_PER_CHECK = 64

/** What the attempts of one subscription share. */
export interface LongPollSession<T> {
  readonly options: LongPollOptions<T>
  readonly makeRequest: MakeRequest
  /** Returns the messages of a body. */
  readonly split: (body: unknown) => readonly unknown[] | typeof SKIPPED
  readonly decode: (input: unknown, id?: string) => T | typeof SKIPPED
  readonly pending: PendingMessages<T>
}

/** Sends request after request, until one of them fails. */
export async function pollLoop<T>(session: LongPollSession<T>, attempt: Attempt<T>): Promise<void> {
  const { options, makeRequest, pending } = session
  const { readCursor = 'validators' } = options
  const target = options.sendCursor ?? targetFor(readCursor)
  let hasOpened = false
  let instantPolls = 0
  await pending.deliver(attempt)
  // Each request has a timeout of its own, and is silent until then.
  attempt.onProbe(() => {})
  for (;;) {
    const { cursor } = attempt
    const request = await makeRequest(attempt, (plain) => withCursor(plain, target, cursor))
    attempt.signal.throwIfAborted()
    const requestedAtMs = now()
    const response = await heldRequest(request, options, attempt.signal, requestedAtMs, (head) => {
      if (!hasOpened) attempt.open(head)
      hasOpened = true
    })
    const found = cursorOf(readCursor, response)
    const next = found ?? undefined
    const isUnchanged = next !== undefined && next === cursor
    // The server has sent what was delivered before: its index is the same.
    const messages = response.status === 200 && !isUnchanged ? messagesOf(response, session, next) : []
    if (messages.length === 0) {
      // The server is alive, and may have sent a resume point without a message.
      attempt.progress('download', 0)
      if (next !== undefined) attempt.moveCursor(next)
    }
    pending.take(messages, next, shownUrl(request))
    await pending.deliver(attempt)
    if (isTrue('endsOnResponse', () => options.endsOnResponse?.(response))) return attempt.close({ wasClean: true })
    // A response without a cursor leaves nothing to resume after.
    if (messages.length > 0 && found === undefined) attempt.moveCursor(undefined)
    const heldMs = now() - requestedAtMs
    instantPolls = heldMs >= INSTANT_MS ? 0 : instantPolls + 1
    const hasMoved = next !== undefined && next !== cursor
    const delayMs = hasMoved ? NEWS_MIN_MS - heldMs : idleDelayMs(instantPolls)
    if (hasMoved) instantPolls = 0
    if (delayMs > 0) await untilNextPoll(delayMs, false, attempt.signal)
  }
}

/**
 * Sends one request and waits while the server holds it.
 *
 * @throws WireError of kind `timeout` if there is no head within `holdTimeoutMs`, or if the body stalls; HttpError on a
 *   status that is not quiet.
 */
async function heldRequest<T>(
  request: ResolvedRequest,
  options: LongPollOptions<T>,
  signal: AbortSignal,
  requestedAtMs: number,
  onHead: (head: Pick<LongPollResponse, 'status' | 'headers'>) => void,
): Promise<LongPollResponse> {
  const own = new AbortController()
  const abort = () => own.abort(signal.reason)
  signal.addEventListener('abort', abort)
  const { holdTimeoutMs = HOLD_TIMEOUT_MS } = options
  const cancelTimeout = after(holdTimeoutMs, () => own.abort(heldTooLong(request, holdTimeoutMs)))
  const watch = new StallWatch(
    STALL_TIMEOUT_MS,
    (silentMs, limitMs) => own.abort(stallError(silentMs, limitMs)),
    own.signal,
  )
  // A proxy that gives up after a while had nothing new. One that does so at once has no server behind it.
  const isQuiet = (status: number) => isQuietPoll(status, now() - requestedAtMs)
  try {
    const responded = trackHeldConnection(request, own.signal)
    // The HTTP cache would make equal requests wait for each other, and a cached response brings nothing new.
    const init = { cache: 'no-store', ...options } as const
    const { status, headers, read } = await requestByFetch(request, init, own.signal, isQuiet)
    responded()
    cancelTimeout()
    onHead({ status, headers })
    watch.activity()
    return { status, headers, body: isQuiet(status) ? undefined : await read(() => watch.activity()) }
  } catch (error) {
    throw own.signal.aborted && !signal.aborted ? own.signal.reason : error
  } finally {
    cancelTimeout()
    signal.removeEventListener('abort', abort)
    // Closes the connection of a quiet response whose body was not read.
    own.abort()
  }
}

function heldTooLong(request: ResolvedRequest, holdTimeoutMs: number): WireError {
  const message =
    `${request.method} ${shownUrl(request)} was held for more than ${holdTimeoutMs} ms without a response. If the ` +
    'server holds requests longer than that, raise holdTimeoutMs.'
  return new WireError('timeout', message, { retryable: true })
}

function messagesOf<T>(
  { body }: LongPollResponse,
  { split, decode }: LongPollSession<T>,
  cursor: string | undefined,
): T[] {
  const inputs = split(body)
  if (inputs === SKIPPED) return []
  // The cursor passes over all messages of the response, so it is the id of one only if there are no others.
  const id = inputs.length === 1 ? cursor : undefined
  return inputs.flatMap((input) => {
    const message = decode(input, id)
    return message === SKIPPED ? [] : [message]
  })
}

/** Grows while the server responds at once. */
function idleDelayMs(instantPolls: number): number {
  const spanMs = Math.min(IDLE_MAX_MS, IDLE_MIN_MS * 2 ** Math.max(0, instantPolls - 1))
  return spanMs * (0.5 + Math.random() / 2)
}

/**
 * The messages of a response that are not delivered yet. A subscriber may reconnect while it handles a message. The
 * next attempt then delivers the rest, because a second request for the same cursor would deliver all of them again.
 */
export class PendingMessages<T> {
  readonly #options: EndOptions<T>
  #rest: Iterable<readonly [index: number, message: T]> = []
  #length = 0
  #cursor: string | undefined
  #address = ''
  readonly #budget = new TaskBudget()

  constructor({ endsWhen, failsWhen }: EndOptions<T>) {
    this.#options = { endsWhen, failsWhen }
  }

  /** @param address The address for the error message. */
  take(messages: readonly T[], cursor: string | undefined, address: string): void {
    // An iterator, not the array: the next attempt continues where this one stops.
    this.#rest = messages.entries()
    this.#length = messages.length
    this.#cursor = cursor
    this.#address = address
  }

  /**
   * Delivers the rest. The last message carries the cursor of the response.
   *
   * @throws The signal's reason as soon as the attempt has ended: it must not send another request.
   */
  async deliver(attempt: Attempt<T>): Promise<void> {
    this.#budget.start()
    for (const [index, message] of this.#rest) {
      const id = index === this.#length - 1 ? this.#cursor : undefined
      const isLast = isLastMessage(this.#options, message, id, undefined, () => this.#address)
      attempt.message(message, id)
      if (isLast) attempt.close({ wasClean: true })
      attempt.signal.throwIfAborted()
      if (index % MESSAGES_PER_CHECK !== MESSAGES_PER_CHECK - 1) continue
      this.#budget.spend()
      if (this.#budget.isSpent) await this.#budget.renew()
      attempt.signal.throwIfAborted()
    }
  }
}
