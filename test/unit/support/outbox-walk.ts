import { createOutbox, type Outbox, type OutboxAttachment, type OutboxCounts, type OverflowPolicy } from 'rxwire'
import { expect, vi } from 'vitest'
import { turn } from './fates.ts'
import { HandMadeLink } from './hand-made-link.ts'

/** One step of a walk. `credit` is how many messages a link accepts before it stops being writable. */
export type OutboxStep =
  | {
      readonly kind: 'send'
      readonly bytes: number
      readonly topic: string
      readonly ttlMs: number | undefined
      readonly until: 'sent' | 'acknowledged'
    }
  | { readonly kind: 'attach'; readonly credit: number }
  | { readonly kind: 'open'; readonly which: number; readonly credit: number }
  | { readonly kind: 'shut' | 'detach' | 'acknowledge' | 'abort'; readonly which: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'clear' }

export interface OutboxBounds {
  readonly overflow: OverflowPolicy
  readonly isAcknowledged: boolean
  readonly capacity: number
  readonly capacityBytes: number
}

interface Item {
  readonly number: number
  readonly bytes: number
  readonly topic: string
  readonly until: 'sent' | 'acknowledged'
  readonly controller: AbortController
  expiresAtMs: number
  wasHandedOver: boolean
  expected: 'pending' | 'resolved' | 'rejected'
  actual: 'pending' | 'resolved' | 'rejected'
}

interface Connection {
  readonly link: HandMadeLink<Item>
  readonly attachment: OutboxAttachment<number>
  /** The numbers of the messages that the link should have received. */
  readonly expected: number[]
  credit: number
}

/** An outbox and a simple model of it that consists of arrays. The two are compared after each step. */
export class OutboxWalk {
  readonly seen: Set<string> = new Set()

  readonly #bounds: OutboxBounds
  readonly #outbox: Outbox<Item, number>
  #told: OutboxCounts | undefined
  readonly #items: Item[] = []
  readonly #connections: Connection[] = []
  readonly #ended: Connection[] = []
  /** The numbers of all messages in the order in which each was first written. */
  readonly #firsts: number[] = []

  #queue: Item[] = []
  #flight: Item[] = []
  #sent = 0
  #dropped = 0

  constructor(bounds: OutboxBounds) {
    this.#bounds = bounds
    const { overflow, isAcknowledged, capacity, capacityBytes } = bounds
    this.#outbox = createOutbox<Item, number>({
      capacity,
      capacityBytes,
      overflow,
      sizeOf: ({ bytes }) => bytes,
      conflateBy: overflow === 'conflate' ? ({ topic }) => topic : undefined,
      idOf: ({ number }) => `${number}`,
      acknowledge: isAcknowledged ? (number) => `${number}` : undefined,
    })
    this.#outbox.counts.subscribe((counts) => {
      this.#told = counts
    })
  }

  async take(step: OutboxStep): Promise<void> {
    switch (step.kind) {
      case 'send':
        this.#send(step)
        break
      case 'attach':
        this.#attach(step.credit)
        break
      case 'pass':
        vi.advanceTimersByTime(step.ms)
        this.#lose((item) => this.#queue.includes(item) && item.expiresAtMs <= Date.now(), 'expired')
        break
      case 'clear':
        this.#outbox.clear()
        this.#lose(() => true, 'cleared')
        break
      case 'acknowledge':
        this.#acknowledge(step.which)
        break
      case 'abort':
        this.#abort(step.which)
        break
      default:
        this.#connect(step)
    }
    // Lets the callbacks of settled promises run.
    await null
    this.#check()
  }

  /** Attaches a link without limits and expects it to receive all held messages. Expects no timer to be left. */
  async settle(): Promise<void> {
    while (this.#connections.length > 0) await this.take({ kind: 'detach', which: 0 })
    await this.take({ kind: 'attach', credit: Number.POSITIVE_INFINITY })
    expect(this.#outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0 })
    for (const { number } of [...this.#flight]) await this.take({ kind: 'acknowledge', which: number })
    expect(this.#outbox.getCounts().inFlight).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    await turn()
    this.#check()
    for (const { actual, wasHandedOver } of this.#items) {
      expect(actual).not.toBe('pending')
      if (actual === 'resolved') expect(wasHandedOver).toBe(true)
    }
  }

  #send({ bytes, topic, ttlMs, until }: Extract<OutboxStep, { kind: 'send' }>): void {
    const item: Item = {
      number: this.#items.length,
      bytes,
      topic,
      until: this.#bounds.isAcknowledged ? until : 'sent',
      controller: new AbortController(),
      expiresAtMs: Date.now() + (ttlMs ?? Number.POSITIVE_INFINITY),
      wasHandedOver: false,
      expected: 'pending',
      actual: 'pending',
    }
    this.#items.push(item)
    const { signal } = item.controller
    this.#outbox.send(item, { signal, ttlMs, until: item.until }).then(
      () => {
        item.actual = 'resolved'
      },
      () => {
        item.actual = 'rejected'
      },
    )
    this.#enqueue(item)
    this.#drain()
  }

  #enqueue(item: Item): void {
    const { overflow, capacity, capacityBytes } = this.#bounds
    const fits = (held: Item[]) => held.length < capacity && bytesOf(held) + item.bytes <= capacityBytes
    const same = overflow === 'conflate' ? this.#queue.findIndex(({ topic }) => topic === item.topic) : -1
    const older = this.#queue[same]
    if (older !== undefined && fits([...this.#queue, ...this.#flight].filter((each) => each !== older))) {
      this.#reject(older)
      this.#queue[same] = item
      this.seen.add('conflated')
      return
    }
    if (overflow === 'drop-oldest' && fits(this.#flight)) {
      while (!fits([...this.#queue, ...this.#flight])) {
        const [oldest, ...others] = this.#queue
        if (oldest === undefined) break
        this.#reject(oldest)
        this.#queue = others
        this.seen.add('made room')
      }
    }
    if (fits([...this.#queue, ...this.#flight])) {
      this.#queue.push(item)
      return
    }
    this.#reject(item)
    this.seen.add('refused')
  }

  #attach(credit: number): void {
    const link = new HandMadeLink<Item>(credit > 0)
    let left = credit
    link.onWrite = () => {
      left -= 1
      link.isWritable = left > 0
    }
    const attachment = this.#outbox.attach(link)
    this.#connections.push({
      link,
      attachment: {
        ...attachment,
        drained: () => {
          left = this.#connections.find((each) => each.link === link)?.credit ?? 0
          link.isWritable = left > 0
          attachment.drained()
        },
      },
      expected: [],
      credit,
    })
    this.#drain()
  }

  #connect(step: Extract<OutboxStep, { which: number }>): void {
    const at = step.which % this.#connections.length
    const connection = this.#connections[at]
    if (connection === undefined) return
    if (step.kind === 'detach') {
      connection.attachment.detach()
      this.#connections.splice(at, 1)
      this.#ended.push(connection)
      if (at === 0) this.#land()
    } else {
      connection.credit = step.kind === 'open' ? step.credit : 0
      connection.attachment.drained()
    }
    this.#drain()
  }

  #land(): void {
    for (const item of this.#flight.reverse()) {
      const isOutdated = this.#bounds.overflow === 'conflate' && this.#queue.some(({ topic }) => topic === item.topic)
      if (isOutdated) this.#reject(item)
      else this.#queue.unshift(item)
      this.seen.add(isOutdated ? 'outdated' : 'landed')
    }
    this.#flight = []
  }

  #drain(): void {
    const [first] = this.#connections
    while (first !== undefined && first.credit > 0) {
      const item = this.#queue.shift()
      if (item === undefined) return
      first.credit -= 1
      first.expected.push(item.number)
      this.#sent += 1
      item.expiresAtMs = Number.POSITIVE_INFINITY
      if (!item.wasHandedOver) this.#firsts.push(item.number)
      item.wasHandedOver = true
      if (this.#bounds.isAcknowledged) this.#flight.push(item)
      if (item.until === 'sent' && item.expected === 'pending') item.expected = 'resolved'
    }
  }

  /** Acknowledges a message only if the server can have received it. */
  #acknowledge(which: number): void {
    const item = this.#items[which % this.#items.length]
    const { attachment } = this.#connections.at(-1) ?? this.#ended.at(-1) ?? {}
    if (!item?.wasHandedOver || attachment === undefined) return
    if (this.#queue.includes(item)) this.seen.add('acknowledged while it waited again')
    attachment.received(item.number)
    if (!this.#bounds.isAcknowledged || !this.#remove(item)) return
    if (item.expected === 'pending') item.expected = 'resolved'
    this.seen.add('acknowledged')
  }

  /** Skips messages whose send has resolved. */
  #abort(which: number): void {
    const item = this.#items[which % this.#items.length]
    if (item === undefined || (item.wasHandedOver && item.until === 'sent')) return
    item.controller.abort()
    if (!this.#remove(item)) return
    item.expected = 'rejected'
    this.seen.add('aborted')
  }

  #lose(isLost: (item: Item) => boolean, how: string): void {
    for (const item of [...this.#queue, ...this.#flight].filter(isLost)) {
      this.#remove(item)
      this.#reject(item)
      this.seen.add(how)
    }
  }

  #reject(item: Item): void {
    this.#dropped += 1
    if (item.expected === 'pending') item.expected = 'rejected'
  }

  #remove(item: Item): boolean {
    const before = this.#queue.length + this.#flight.length
    this.#queue = this.#queue.filter((each) => each !== item)
    this.#flight = this.#flight.filter((each) => each !== item)
    return this.#queue.length + this.#flight.length < before
  }

  #check(): void {
    const counts = this.#outbox.getCounts()
    expect(counts).toEqual({
      queued: this.#queue.length,
      queuedBytes: bytesOf(this.#queue),
      sent: this.#sent,
      dropped: this.#dropped,
      inFlight: this.#flight.length,
      buffered: 0,
    })
    expect(this.#told, 'the last emitted counts').toEqual(counts)
    const { capacity, capacityBytes, overflow } = this.#bounds
    expect(counts.queued + counts.inFlight).toBeLessThanOrEqual(capacity)
    expect(bytesOf([...this.#queue, ...this.#flight])).toBeLessThanOrEqual(capacityBytes)
    for (const { link, expected } of [...this.#connections, ...this.#ended]) {
      expect(link.written.map(({ number }) => number)).toEqual(expected)
    }
    expect(this.#items.map(({ actual }) => actual)).toEqual(this.#items.map(({ expected }) => expected))
    // A conflated message takes the position of the one it replaces, so the order may differ from the send order.
    if (overflow !== 'conflate') expect(this.#firsts).toEqual(this.#firsts.toSorted((one, other) => one - other))
  }
}

function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0)
}
