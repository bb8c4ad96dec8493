import { type AttemptSink, fromAttempt } from '../../attempt.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { untilNextPoll } from '../../engine/poll-timer.ts'
import type { AttemptSession } from '../../engine/reconnecting.ts'
import { trackHeldConnection } from '../../http/diagnostics/connection-limit.ts'
import { requestByFetch } from '../../http/fetch.ts'
import type { MakeRequest, ResolvedRequest } from '../../http/request.ts'
import { after, now } from '../../platform/clock.ts'
import type { Wire } from '../../wire.ts'
import { type LongPollResponse, readCursor, targetFor, withCursor } from './cursor.ts'
import type { LongPollOptions } from './options.ts'

const DEADLINE_MS = 35_000
// Nothing new, or a proxy in between that has waited for long enough.
const QUIET = [204, 304, 502, 504]
// A server that holds no request must not be met with a loop.
const INSTANT_MS = 1_000
const IDLE_MIN_MS = 250
const IDLE_MAX_MS = 15_000

/** Request after request, until one of them fails. */
export function longPollAttempt<T>(
  makeRequest: MakeRequest,
  options: LongPollOptions<T>,
  decodeOne: (input: unknown) => T | typeof SKIPPED,
  inHand: PendingMessages<T>,
  session: AttemptSession,
): Wire<T> {
  const { cursor: source = 'etag' } = options
  const target = options.sendCursor ?? targetFor(source)
  return fromAttempt<T>(async (sink, signal) => {
    let hasOpened = false
    let idleTurns = 0
    inHand.handOn(sink, signal)
    // Each request has a deadline of its own, and is silent until then.
    session.onProbe(() => {})
    for (;;) {
      const { cursor } = session
      const request = withCursor(await makeRequest(session), target, cursor)
      signal.throwIfAborted()
      const askedAtMs = now()
      const response = await held(request, options, signal, (head) => {
        if (!hasOpened) sink.open(head)
        hasOpened = true
      })
      const next = response === undefined ? undefined : readCursor(source, response)
      const messages = response?.status === 200 ? messagesOf(response, options, decodeOne) : []
      if (messages.length === 0) {
        // A sign of life, and a place to go on from, without a message.
        sink.progress('download', 0)
        if (next !== undefined) session.resumeFrom(next)
      }
      inHand.take(messages, next)
      inHand.handOn(sink, signal)
      const isNews = messages.length > 0 && (next === undefined || next !== cursor)
      idleTurns = isNews || now() - askedAtMs >= INSTANT_MS ? 0 : idleTurns + 1
      if (idleTurns > 0) await untilNextPoll(idleDelayMs(idleTurns), false, signal)
    }
  })
}

/** One request, for as long as the server holds it; `undefined` if that is too long. */
async function held<T>(
  request: ResolvedRequest,
  options: LongPollOptions<T>,
  signal: AbortSignal,
  onHead: (head: Pick<LongPollResponse, 'status' | 'headers'>) => void,
): Promise<LongPollResponse | undefined> {
  const hold = new AbortController()
  const letGo = () => hold.abort(signal.reason)
  signal.addEventListener('abort', letGo)
  let isOver = false
  const cancelDeadline = after(options.deadlineMs ?? DEADLINE_MS, () => {
    isOver = true
    hold.abort()
  })
  try {
    const answered = trackHeldConnection(request, hold.signal)
    // A cache would let two who ask for the same wait for each other, and an old answer is no news.
    const { status, headers, read } = await requestByFetch(request, { cache: 'no-store', ...options }, hold.signal, QUIET)
    answered()
    onHead({ status, headers })
    return { status, headers, body: QUIET.includes(status) ? undefined : await read() }
  } catch (error) {
    if (isOver) return undefined
    throw error
  } finally {
    cancelDeadline()
    signal.removeEventListener('abort', letGo)
    // Frees what was not read of a quiet answer.
    hold.abort()
  }
}

function messagesOf<T>(
  { body }: LongPollResponse,
  options: LongPollOptions<T>,
  decodeOne: (input: unknown) => T | typeof SKIPPED,
): T[] {
  return [...(options.messages?.(body) ?? [body])].flatMap((input) => {
    const message = decodeOne(input)
    return message === SKIPPED ? [] : [message]
  })
}

function idleDelayMs(turns: number): number {
  const spanMs = Math.min(IDLE_MAX_MS, IDLE_MIN_MS * 2 ** (turns - 1))
  return spanMs * (0.5 + Math.random() / 2)
}

/**
 * The messages of an answer, on their way to the subscriber. Make one for each subscription: whoever is handed a
 * message may reconnect, and what the attempt could not hand on any more is the next one's to begin with. Asked for
 * again, the whole answer would come twice.
 */
export class PendingMessages<T> {
  readonly #until: ((message: T) => boolean) | undefined
  #left: Iterable<readonly [index: number, message: T]> = []
  #length = 0
  #cursor: string | undefined

  constructor(until: ((message: T) => boolean) | undefined) {
    this.#until = until
  }

  take(messages: readonly T[], cursor: string | undefined): void {
    // An iterator, and not the list: where one attempt has stopped, the next one goes on.
    this.#left = messages.entries()
    this.#length = messages.length
    this.#cursor = cursor
  }

  /** Hands on what is left, for as long as this attempt is listened to. The last one carries the place to go on from. */
  handOn(sink: AttemptSink<T>, signal: AbortSignal): void {
    for (const [index, message] of this.#left) {
      sink.message(message, index === this.#length - 1 ? this.#cursor : undefined)
      if (!signal.aborted && this.#until?.(message)) sink.close({ wasClean: true })
      // Nobody listens to this attempt any more: it must not ask again.
      signal.throwIfAborted()
    }
  }
}
