import type { Attempt } from '../../attempt.ts'
import { isTrue } from '../../callback.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import type { PendingMessages } from '../../engine/pending-messages.ts'
import { PollPacing, untilNextPoll } from '../../engine/poll-timer.ts'
import { requestByFetch } from '../../http/fetch.ts'
import { type MakeRequest, type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { heldTooLong, type ResponseLimits, withinLimits } from '../../http/response-limits.ts'
import { now } from '../../platform/clock.ts'
import { isQuietPoll } from '../../policy/http-status.ts'
import { cursorOf, type LongPollResponse, targetFor, withCursor } from './cursor.ts'
import type { LongPollOptions } from './options.ts'

const HOLD_TIMEOUT_MS = 35_000
const STALL_TIMEOUT_MS = 30_000

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
  const pacing = new PollPacing()
  await pending.deliverInTurns(attempt)
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
    const isNews = response.status === 200 && !isUnchanged
    const { messages, failure } = isNews ? messagesOf(response, session, next) : { messages: [] }
    if (messages.length === 0 && failure === undefined) {
      // The server is alive, and may have sent a resume point without a message.
      attempt.progress('download', 0)
      if (next !== undefined) attempt.moveCursor(next)
    }
    pending.take(messages, failure === undefined ? next : undefined, shownUrl(request), failure)
    await pending.deliverInTurns(attempt)
    if (isTrue('endsOnResponse', () => options.endsOnResponse?.(response))) return attempt.close({ wasClean: true })
    // A response without a cursor leaves nothing to resume after.
    if (messages.length > 0 && found === undefined) attempt.moveCursor(undefined)
    const delayMs = pacing.delayMs(now() - requestedAtMs, next !== undefined && next !== cursor)
    if (delayMs > 0) await untilNextPoll(delayMs, false, attempt.signal)
  }
}

/**
 * Sends one request and waits while the server holds it.
 *
 * @throws WireError of kind `timeout` if there is no head within `holdTimeoutMs`, or if the body stalls; HttpError on a
 *   status that is not quiet.
 */
function heldRequest<T>(
  request: ResolvedRequest,
  options: LongPollOptions<T>,
  signal: AbortSignal,
  requestedAtMs: number,
  onHead: (head: Pick<LongPollResponse, 'status' | 'headers'>) => void,
): Promise<LongPollResponse> {
  const { holdTimeoutMs = HOLD_TIMEOUT_MS } = options
  const limits: ResponseLimits = {
    headTimeoutMs: holdTimeoutMs,
    lateHead: () => heldTooLong(request, holdTimeoutMs),
    stallLimit: STALL_TIMEOUT_MS,
  }
  // A proxy that gives up after a while had nothing new. One that does so at once has no server behind it.
  const isQuiet = (status: number) => isQuietPoll(status, now() - requestedAtMs)
  return withinLimits(request, limits, signal, async (own, responded) => {
    // The HTTP cache would make equal requests wait for each other, and a cached response brings nothing new.
    const init = { cache: 'no-store', ...options } as const
    const { status, headers, read } = await requestByFetch(request, init, own, isQuiet)
    const watch = responded()
    onHead({ status, headers })
    return { status, headers, body: isQuiet(status) ? undefined : await read(() => watch.activity()) }
  })
}

/** The messages of a response, up to one that ends the wire. */
interface Messages<T> {
  readonly messages: readonly T[]
  readonly failure?: unknown
}

function messagesOf<T>(
  { body }: LongPollResponse,
  { split, decode }: LongPollSession<T>,
  cursor: string | undefined,
): Messages<T> {
  const inputs = body === undefined ? [] : split(body)
  const messages: T[] = []
  if (inputs === SKIPPED) return { messages }
  // The cursor passes over all messages of the response, so it is the id of one only if there are no others.
  const id = inputs.length === 1 ? cursor : undefined
  try {
    for (const input of inputs) {
      const message = decode(input, id)
      if (message !== SKIPPED) messages.push(message)
    }
  } catch (failure) {
    // [law] 12: the messages before a bad one are delivered, and the resume point stays before the response.
    return { messages, failure }
  }
  return { messages }
}
