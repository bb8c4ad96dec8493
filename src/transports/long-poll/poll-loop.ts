import type { Attempt } from '../../attempt.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { untilNextPoll } from '../../engine/poll-timer.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { requestByFetch } from '../../http/fetch.ts'
import type { MakeRequest, ResolvedRequest } from '../../http/request.ts'
import { after, now } from '../../platform/clock.ts'
import { isQuietPoll } from '../../policy/http-status.ts'
import { cursorOf, type LongPollResponse, targetFor, withCursor } from './cursor.ts'
import type { LongPollOptions } from './options.ts'

const HOLD_TIMEOUT_MS = 35_000
// A server that responds sooner does not hold requests, and must not be polled in a tight loop.
const INSTANT_MS = 1_000
const IDLE_MIN_MS = 250
const IDLE_MAX_MS = 15_000

/** What the attempts of one subscription share. */
export interface LongPollSession<T> {
  readonly options: LongPollOptions<T>
  readonly makeRequest: MakeRequest
  readonly decode: (input: unknown) => T | typeof SKIPPED
  readonly pending: PendingMessages<T>
}

/** Sends request after request, until one of them fails. */
export async function pollLoop<T>(session: LongPollSession<T>, attempt: Attempt<T>): Promise<void> {
  const { options, makeRequest, pending } = session
  const { readCursor = 'etag' } = options
  const target = options.sendCursor ?? targetFor(readCursor)
  let hasOpened = false
  let idlePolls = 0
  pending.deliver(attempt)
  // Each request has a timeout of its own, and is silent until then.
  attempt.onProbe(() => {})
  for (;;) {
    const { cursor } = attempt
    const request = withCursor(await makeRequest(attempt), target, cursor)
    attempt.signal.throwIfAborted()
    const requestedAtMs = now()
    const response = await heldRequest(request, options, attempt.signal, (head) => {
      if (!hasOpened) attempt.open(head)
      hasOpened = true
    })
    const next = response === undefined ? undefined : cursorOf(readCursor, response)
    const messages = response?.status === 200 ? messagesOf(response, session) : []
    if (messages.length === 0) {
      // The server is alive, and may have sent a resume point without a message.
      attempt.progress('download', 0)
      if (next !== undefined) attempt.moveCursor(next)
    }
    pending.take(messages, next)
    pending.deliver(attempt)
    const isNew = messages.length > 0 && (next === undefined || next !== cursor)
    idlePolls = isNew || now() - requestedAtMs >= INSTANT_MS ? 0 : idlePolls + 1
    if (idlePolls > 0) await untilNextPoll(idleDelayMs(idlePolls), false, attempt.signal)
  }
}

/** Sends one request and waits while the server holds it; `undefined` after `holdTimeoutMs`. */
async function heldRequest<T>(
  request: ResolvedRequest,
  options: LongPollOptions<T>,
  signal: AbortSignal,
  onHead: (head: Pick<LongPollResponse, 'status' | 'headers'>) => void,
): Promise<LongPollResponse | undefined> {
  const own = new AbortController()
  const abort = () => own.abort(signal.reason)
  signal.addEventListener('abort', abort)
  let isTimeout = false
  const cancelTimeout = after(options.holdTimeoutMs ?? HOLD_TIMEOUT_MS, () => {
    isTimeout = true
    own.abort()
  })
  try {
    const responded = trackHeldConnection(request, own.signal)
    // The HTTP cache would make equal requests wait for each other, and a cached response brings nothing new.
    const init = { cache: 'no-store', ...options } as const
    const { status, headers, read } = await requestByFetch(request, init, own.signal, isQuietPoll)
    responded()
    onHead({ status, headers })
    return { status, headers, body: isQuietPoll(status) ? undefined : await read() }
  } catch (error) {
    if (isTimeout) return undefined
    throw error
  } finally {
    cancelTimeout()
    signal.removeEventListener('abort', abort)
    // Closes the connection of a quiet response whose body was not read.
    own.abort()
  }
}

function messagesOf<T>({ body }: LongPollResponse, { options, decode }: LongPollSession<T>): T[] {
  return [...(options.messages?.(body) ?? [body])].flatMap((input) => {
    const message = decode(input)
    return message === SKIPPED ? [] : [message]
  })
}

function idleDelayMs(polls: number): number {
  const spanMs = Math.min(IDLE_MAX_MS, IDLE_MIN_MS * 2 ** (polls - 1))
  return spanMs * (0.5 + Math.random() / 2)
}

/**
 * The messages of a response that are not delivered yet. A subscriber may reconnect while it handles a message. The
 * next attempt then delivers the rest, because a second request for the same cursor would deliver all of them again.
 */
export class PendingMessages<T> {
  readonly #endsWhen: ((message: T) => boolean) | undefined
  #rest: Iterable<readonly [index: number, message: T]> = []
  #length = 0
  #cursor: string | undefined

  constructor(endsWhen: ((message: T) => boolean) | undefined) {
    this.#endsWhen = endsWhen
  }

  take(messages: readonly T[], cursor: string | undefined): void {
    // An iterator, not the array: the next attempt continues where this one stops.
    this.#rest = messages.entries()
    this.#length = messages.length
    this.#cursor = cursor
  }

  /**
   * Delivers the rest. The last message carries the cursor of the response.
   *
   * @throws The signal's reason as soon as the attempt has ended: it must not send another request.
   */
  deliver(attempt: Attempt<T>): void {
    for (const [index, message] of this.#rest) {
      attempt.message(message, index === this.#length - 1 ? this.#cursor : undefined)
      if (!attempt.signal.aborted && this.#endsWhen?.(message)) attempt.close({ wasClean: true })
      attempt.signal.throwIfAborted()
    }
  }
}
