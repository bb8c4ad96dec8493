import { firstValueFrom, fromEvent, merge, Observable, Subject } from 'rxjs'
import { callSync, isText } from '../callback.ts'
import { messageOf, WireError } from '../errors.ts'
import { encodeFrame, frameBytes } from '../socket-frame.ts'
import { requireNonNegative, requireOneOf } from '../validate.ts'
import { Backlog } from './backlog.ts'
import { requireOutboxOptions } from './check-options.ts'
import { Entry } from './entry.ts'
import { feedFrom } from './feed.ts'
import type { FeedOptions, FeedSource, OutboxCounts, OutboxOptions, SendOptions } from './options.ts'
import { createSendGate } from './send-gate.ts'
import type { Outbox, OutboxAttachment, OutboxLink } from './types.ts'

const CAPACITY = 1_000
const CAPACITY_BYTES = 8 * 1024 * 1024

/**
 * Creates a bounded queue of outgoing messages. It outlives connections: messages that were not sent yet survive any
 * number of failed reconnects, in order. Pass it to one wire as `outgoing`.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { createOutbox, fromWebSocket, messages } from 'rxwire'
 *
 * const outbox = createOutbox<{ type: 'draw'; x: number; y: number }>({ ttlMs: 30_000 })
 * fromWebSocket('/board', { outgoing: outbox }).pipe(messages()).subscribe(console.info)
 * await outbox.send({ type: 'draw', x: 3, y: 4 })
 * ```
 */
export function createOutbox<C, I = unknown>(options: OutboxOptions<C, I> = {}): Outbox<C, I> {
  requireOutboxOptions(options)
  const outbox = new BoundedOutbox(options)
  // Bound, so that `const { send } = outbox` works.
  return {
    send: (message, sendOptions) => outbox.send(message, sendOptions),
    feed: (source, feedOptions) => outbox.feed(source, feedOptions),
    counts: outbox.counts,
    getCounts: () => outbox.getCounts(),
    clear: () => outbox.clear(),
    attach: (link) => outbox.attach(link),
    createGate: createSendGate,
  }
}

const isSize = (bytes: unknown) => typeof bytes === 'number' && bytes >= 0 && bytes < Number.POSITIVE_INFINITY

/** A message is queued, then in flight if it has to be acknowledged, then removed. */
class BoundedOutbox<C, I> {
  readonly counts: Observable<OutboxCounts> = new Observable((subscriber) => {
    // Subscribe first, because the subscriber may send when it receives the counts.
    subscriber.add(this.#changes.subscribe(() => subscriber.next(this.getCounts())))
    subscriber.next(this.getCounts())
  })

  readonly #options: OutboxOptions<C, I>
  readonly #capacityBytes: number
  readonly #backlog: Backlog<C>
  readonly #links: OutboxLink<C>[] = []
  readonly #changes = new Subject<void>()
  #sent = 0
  #dropped = 0
  #isDraining = false

  constructor(options: OutboxOptions<C, I>) {
    this.#options = options
    this.#capacityBytes = options.capacityBytes ?? CAPACITY_BYTES
    this.#backlog = new Backlog(options.capacity ?? CAPACITY, this.#capacityBytes)
  }

  getCounts(): OutboxCounts {
    const { queued, queuedBytes, inFlight } = this.#backlog
    const buffered = this.#links[0]?.bufferedBytes ?? 0
    return { queued, queuedBytes, sent: this.#sent, dropped: this.#dropped, inFlight, buffered }
  }

  send(message: C, options: SendOptions = {}): Promise<void> {
    try {
      return this.#queue(message, options)
    } catch (reason) {
      const rejected = Promise.reject(reason)
      // With this policy a dropped message is expected.
      if (this.#options.overflow === 'drop-newest') rejected.catch(() => {})
      return rejected
    }
  }

  feed(source: FeedSource<C>, { signal }: FeedOptions = {}): Promise<void> {
    const target = {
      push: (message: C) => this.#push(message, signal),
      send: (message: C) => this.#queue(message, { signal }),
      endsOnOverflow: (this.#options.overflow ?? 'reject') === 'reject',
    }
    return feedFrom(source, target, signal)
  }

  clear(): void {
    const error = new WireError('closed', 'The outbox was cleared before this message was delivered.')
    for (const entry of this.#backlog.inFlightNewestFirst()) this.#drop(entry, error)
    while (this.#backlog.first !== undefined) this.#drop(this.#backlog.first, error)
    this.#changed()
  }

  attach(link: OutboxLink<C>): OutboxAttachment<I> {
    this.#links.push(link)
    this.#drain()
    return {
      drained: () => {
        if (this.#links[0] === link) this.#drain()
      },
      received: (incoming) => this.#received(incoming),
      detach: () => this.#detach(link),
    }
  }

  /** Queues a message, or throws the reason why it cannot. */
  #queue(message: C, { signal, ttlMs = this.#options.ttlMs, until = 'sent' }: SendOptions): Promise<void> {
    signal?.throwIfAborted()
    requireNonNegative('ttlMs', ttlMs)
    requireOneOf('until', until, ['sent', 'acknowledged'])
    const entry = this.#entryOf(message, until)
    this.#requireNewId(entry)
    const older = this.#makeRoom(entry)
    this.#enqueue(entry, older, signal, ttlMs)
    return entry.settled
  }

  /** Waits for room, then queues a pulled message, which does not expire and is not dropped for another one. */
  async #push(message: C, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const entry = this.#entryOf(message, 'sent', false)
    if (entry.bytes > this.#capacityBytes) throw overflow('It is larger than capacityBytes')
    while (!this.#backlog.fits(entry)) {
      await firstValueFrom(signal === undefined ? this.#changes : merge(this.#changes, fromEvent(signal, 'abort')))
      signal?.throwIfAborted()
    }
    this.#requireNewId(entry)
    this.#enqueue(entry, undefined, signal)
    return entry.settled
  }

  #entryOf(message: C, until: Entry<C>['until'], isDroppable = true): Entry<C> {
    const { acknowledge, conflateBy, idOf } = this.#options
    if (until === 'acknowledged' && acknowledge === undefined) {
      throw new TypeError("until: 'acknowledged' needs an outbox with acknowledge")
    }
    return new Entry({
      message,
      ...this.#measure(message),
      id:
        acknowledge === undefined || idOf === undefined
          ? undefined
          : this.#read(() => callSync('idOf', () => idOf(message), 'a text', isText)),
      topic: isDroppable ? this.#read(() => callSync('conflateBy', () => conflateBy?.(message))) : undefined,
      isDroppable,
      until,
    })
  }

  #requireNewId({ id }: Entry<C>): void {
    if (id === undefined || this.#backlog.withId(id) === undefined) return
    throw new TypeError(`A message with the id "${id}" is still in the outbox. Ids must be unique.`)
  }

  /** Without `sizeOf`, the message is encoded once, here, and sent as it was measured. */
  #measure(message: C): Pick<Entry<C>, 'bytes' | 'frame'> {
    const { sizeOf } = this.#options
    return this.#read(() => {
      try {
        if (sizeOf !== undefined)
          return { bytes: callSync('sizeOf', () => sizeOf(message), 'a size', isSize), frame: undefined }
        const frame = encodeFrame(message)
        return { bytes: frameBytes(frame), frame }
      } catch (cause) {
        throw new TypeError(`The message could not be measured: ${messageOf(cause)}. Pass sizeOf.`, { cause })
      }
    })
  }

  /** Reads what the options say about a message. A message for which that fails is dropped. */
  #read<R>(read: () => R): R {
    try {
      return read()
    } catch (cause) {
      this.#dropped += 1
      this.#changed()
      throw cause instanceof TypeError ? cause : new TypeError(messageOf(cause), { cause })
    }
  }

  /**
   * @returns The message that this one replaces, if there is one.
   * @throws WireError of kind `overflow` if the policy finds no room.
   */
  #makeRoom(entry: Entry<C>): Entry<C> | undefined {
    const older = this.#backlog.sameTopic(entry)
    if (older !== undefined && this.#backlog.fits(entry, older)) return older
    const toDrop = this.#options.overflow === 'drop-oldest' ? this.#backlog.oldestToDropFor(entry) : undefined
    for (const oldest of toDrop ?? []) this.#drop(oldest, overflow('It was dropped to make room for a newer one'))
    if (this.#backlog.fits(entry)) return undefined
    this.#dropped += 1
    this.#changed()
    throw overflow('The outbox is full: raise capacity or capacityBytes')
  }

  #enqueue(entry: Entry<C>, older: Entry<C> | undefined, signal: AbortSignal | undefined, ttlMs = Infinity): void {
    if (ttlMs !== Infinity) entry.expireAfter(ttlMs, () => this.#expire(entry))
    if (signal !== undefined) entry.withdrawOn(signal, () => this.#withdraw(entry, signal.reason))
    this.#backlog.add(entry, older)
    if (older !== undefined) this.#drop(older, superseded())
    this.#drain()
  }

  #drop(entry: Entry<C>, reason: Error): void {
    this.#backlog.remove(entry)
    this.#dropped += 1
    entry.reject(reason)
  }

  #expire(entry: Entry<C>): void {
    const isSent = entry.state === 'in flight'
    const what = isSent ? 'acknowledged within acknowledgeTimeoutMs. It may have arrived' : 'sent within its ttlMs'
    this.#drop(entry, new WireError('timeout', `The message was not ${what}.`))
    this.#changed()
  }

  #withdraw(entry: Entry<C>, reason: unknown): void {
    this.#backlog.remove(entry)
    entry.reject(reason)
    this.#changed()
  }

  #drain(): void {
    // Not reentrant: `encode` is code of the caller, and may call `send`.
    if (this.#isDraining) return
    this.#isDraining = true
    while (this.#backlog.first !== undefined && this.#links[0]?.isWritable) {
      this.#send(this.#backlog.first, this.#links[0])
    }
    this.#isDraining = false
    this.#changed()
  }

  #send(entry: Entry<C>, link: OutboxLink<C>): void {
    if (entry.isExpired) {
      this.#expire(entry)
      return
    }
    this.#backlog.markInFlight(entry)
    entry.deliveries += 1
    let receipt: ReturnType<OutboxLink<C>['write']>
    try {
      receipt = link.write(entry.message, entry.frame)
    } catch (cause) {
      const error = new TypeError(`The message could not be encoded: ${messageOf(cause)}`, { cause })
      if (entry.state !== 'removed') this.#drop(entry, error)
      return
    }
    this.#sent += 1
    if (receipt === undefined) this.#onSent(entry)
    else this.#awaitReceipt(entry, receipt)
  }

  #awaitReceipt(entry: Entry<C>, receipt: Promise<void>): void {
    entry.cancelExpiry()
    const onRefused = (reason: Error) => {
      if (entry.state === 'in flight') this.#drop(entry, reason)
    }
    receipt.then(() => this.#onSent(entry), onRefused).then(() => this.#changed())
  }

  #onSent(entry: Entry<C>): void {
    entry.sent()
    if (entry.state === 'removed') return
    const { acknowledge, acknowledgeTimeoutMs } = this.#options
    if (acknowledge === undefined) this.#acknowledge(entry)
    else if (acknowledgeTimeoutMs !== undefined) entry.expireAfter(acknowledgeTimeoutMs, () => this.#expire(entry))
  }

  #acknowledge(entry: Entry<C>): void {
    this.#backlog.remove(entry)
    entry.acknowledged()
  }

  #received(incoming: I): void {
    const id = callSync('acknowledge', () => this.#options.acknowledge?.(incoming))
    // A requeued message counts, too: it had arrived, and only its acknowledgement was lost.
    const entry = id === undefined ? undefined : this.#backlog.withId(id)
    if (entry === undefined || entry.deliveries === 0) return
    this.#acknowledge(entry)
    this.#changed()
  }

  #detach(link: OutboxLink<C>): void {
    const index = this.#links.indexOf(link)
    if (index < 0) return
    this.#links.splice(index, 1)
    if (index === 0) this.#requeueInFlight()
    this.#drain()
  }

  /** Queues the messages in flight on a closed connection again, unless a newer one of the same topic is queued. */
  #requeueInFlight(): void {
    const { acknowledge, maxDeliveries = Number.POSITIVE_INFINITY } = this.#options
    for (const entry of this.#backlog.inFlightNewestFirst()) {
      entry.cancelExpiry()
      // [law] 7: without acknowledgements, a message may have been sent by the link that has not said so.
      if (acknowledge === undefined) this.#drop(entry, unknownOutcome())
      else if (entry.deliveries >= maxDeliveries) this.#drop(entry, undeliverable(entry.deliveries))
      else if (this.#backlog.sameTopic(entry) === undefined) this.#backlog.requeue(entry)
      else this.#drop(entry, superseded())
    }
  }

  #changed(): void {
    if (this.#changes.observed) this.#changes.next()
  }
}

function unknownOutcome(): WireError {
  const message =
    'The connection of another tab ended before it confirmed this message. It may have been sent, so it is not sent again.'
  return new WireError('closed', message)
}

function undeliverable(deliveries: number): WireError {
  const message =
    `A message was sent ${deliveries} times, and each time the connection ended before its acknowledgement. ` +
    'It may be what the server closes the connection for.'
  return new WireError('closed', message)
}

function superseded(): WireError {
  return overflow('It was replaced by a newer one')
}

function overflow(why: string): WireError {
  return new WireError('overflow', `A message was not sent. ${why}.`)
}
