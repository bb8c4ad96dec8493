import { Subscriber } from 'rxjs'
import { type Attempt, isWireError, type Outbox, toPlain, type WireError, type WireEvent } from 'rxwire'
import { Broadcast } from './broadcast.ts'
import { Candidacy } from './candidacy.ts'
import { connect, type OpenWire } from './connection.ts'
import { Delivery } from './delivery.ts'
import { Follower } from './follower.ts'
import type { HistoryBounds } from './history.ts'
import type { TabChannel, TabPlatform } from './platform.ts'
import { type Frame, type News, type Position, parseFrame } from './protocol.ts'
import { Relay } from './relay.ts'

const BEAT_MS = 2_000
// A visible tab whose questions have had no answer for so many beats opens its own connection.
const MAX_UNANSWERED = 3

/** The options of a member, the same in all tabs of one name. */
export interface MemberRules<T> {
  /** The name of the lock, the channel and the stored term. */
  readonly name: string
  /** See {@link protocolOf}. */
  readonly protocol: string
  readonly prefersVisible: boolean
  readonly history: HistoryBounds
  readonly outgoing: Outbox<unknown, T> | undefined
}

/**
 * One subscription of one tab. It leads while it holds the lock: it has the connection, and posts what it receives.
 * Otherwise it follows. It reads a connection of its own if no leader answers, or none has the messages that it needs.
 */
export class Member<T> {
  readonly #attempt: Attempt<T>
  readonly #open: OpenWire<T>
  readonly #tab: TabPlatform
  readonly #rules: MemberRules<T>
  readonly #id: string
  readonly #delivery: Delivery<T>
  readonly #follower: Follower<T>
  readonly #broadcast: Broadcast<T>
  readonly #relay: Relay<T>
  readonly #candidacy: Candidacy

  #role: 'follows' | 'leads' | 'alone' = 'follows'
  #channel: TabChannel | undefined
  /**
   * Where this tab has resumed as the leader. `undefined` without a resume point: what the server sends first may not be
   * what follows there.
   */
  #after: Position | undefined
  #connection: Subscriber<WireEvent<T>> | undefined
  #cancelBeat: (() => void) | undefined
  /** Whether messages may have been lost before the next `open`. */
  #mayHaveLost = false
  /** Why this tab does not connect: the server has refused its credentials. */
  #refused: WireError | undefined

  constructor(attempt: Attempt<T>, open: OpenWire<T>, tab: TabPlatform, rules: MemberRules<T>) {
    this.#attempt = attempt
    this.#open = open
    this.#tab = tab
    this.#rules = rules
    this.#id = tab.newId()
    this.#relay = new Relay(rules.outgoing, (news) => this.#post(news))
    this.#delivery = new Delivery(attempt, rules.history)
    this.#follower = new Follower(this.#delivery, this.#followerHost(), rules.history.messages)
    this.#candidacy = new Candidacy(
      tab,
      rules.name,
      () => this.#takeOver(),
      () => this.#connectAlone(),
    )
    this.#broadcast = new Broadcast(
      tab,
      (events) => this.#post({ type: 'news', events }),
      (error) => this.#fail(error),
    )
  }

  start(): void {
    const { signal } = this.#attempt
    signal.addEventListener('abort', () => this.#stop())
    try {
      this.#channel = this.#tab.openChannel(this.#rules.name, (data) => this.#receive(data))
    } catch {
      this.#connectAlone()
      return
    }
    this.#candidacy.queue()
    this.#beat()
  }

  /** The farewell is posted before the lock is released, and so before the next leader posts. */
  #stop(): void {
    this.#cancelBeat?.()
    this.#stepDown()
    this.#candidacy.stop()
    this.#disconnect()
    this.#relay.detach()
    this.#channel?.close()
    this.#channel = undefined
  }

  #followerHost() {
    return {
      isAlone: () => this.#role === 'alone',
      post: (news: News<T>) => this.#post(news),
      connectAlone: () => this.#connectAlone(),
      join: () => {
        if (this.#role !== 'alone') return
        this.#role = 'follows'
        this.#disconnect()
      },
      leave: () => this.#relay.detach(),
      received: (data: T) => this.#relay.received(data),
    }
  }

  // Who leads

  #takeOver(): void {
    if (this.#refused !== undefined) {
      // The tabs that were queued before this one have been refused or have left, and none has connected.
      this.#attempt.fail(this.#refused)
      return
    }
    this.#follower.stop()
    this.#role = 'leads'
    this.#announce(this.#follower.term)
    // A connection of its own becomes that of all tabs.
    if (this.#connection === undefined) this.#connect()
  }

  /** Starts a term, and says at which position. */
  #announce(above: number): void {
    const { position } = this.#delivery
    this.#after = this.#delivery.id === '' ? undefined : position
    const term = this.#tab.nextTerm(this.#rules.name, above)
    this.#follower.term = term
    this.#delivery.moveTo({ term, seq: position.seq })
    this.#post({ type: 'lead', after: this.#after })
  }

  #stepDown(): void {
    if (this.#role !== 'leads') return
    this.#broadcast.flush()
    this.#post({ type: 'bye' })
    this.#role = 'follows'
    this.#disconnect()
  }

  /** Lets a visible tab lead: it is in the queue before this one then. */
  #giveWay(): void {
    if (!this.#tab.isHidden() || this.#refused !== undefined) return
    this.#stepDown()
    this.#candidacy.queue()
  }

  #beat(): void {
    this.#cancelBeat = this.#tab.after(BEAT_MS, () => this.#beat())
    if (this.#role === 'leads') {
      this.#broadcast.flush()
      this.#post({ type: 'beat' })
      return
    }
    const follower = this.#follower
    const isVisible = !this.#tab.isHidden()
    if (isVisible && this.#rules.prefersVisible && follower.isLeaderHidden && this.#refused === undefined) {
      this.#post({ type: 'claim' })
    }
    if (isVisible && this.#role === 'follows' && follower.unanswered >= MAX_UNANSWERED) this.#connectAlone()
    follower.beat()
  }

  // The connection of this tab

  #connectAlone(): void {
    if (this.#role === 'alone' || this.#refused !== undefined) return
    this.#follower.stop()
    this.#role = 'alone'
    this.#delivery.goApart()
    this.#connect()
  }

  #connect(): void {
    this.#mayHaveLost = this.#attempt.cursor === undefined && this.#attempt.last !== undefined
    // A Subscriber, not an observer: it exists before the wire emits, so it can be closed during the first event.
    const connection = new Subscriber<WireEvent<T>>({
      next: (event) => this.#onEvent(event),
      error: (error: unknown) => this.#onError(error),
      complete: () => {
        this.#broadcast.flush()
        if (this.#role === 'leads') this.#post({ type: 'end' })
        this.#attempt.complete()
      },
    })
    this.#connection = connection
    connect(this.#open, this.#attempt, connection)
  }

  #disconnect(): void {
    this.#broadcast.stop()
    this.#connection?.unsubscribe()
    this.#connection = undefined
  }

  #onEvent(event: WireEvent<T>): void {
    if (event.type === 'message') {
      this.#delivery.count(event)
      if (this.#role === 'leads') this.#broadcast.add(event)
      this.#attempt.event(event)
      return
    }
    let told = event
    if (event.type === 'open' && this.#mayHaveLost) {
      this.#mayHaveLost = false
      told = { continuity: 'gap', ...event }
    }
    if (this.#role === 'leads' && event.type !== 'progress') this.#broadcast.add(toPlain(told))
    this.#delivery.forward(told)
  }

  #onError(error: unknown): void {
    if (!isWireError(error) || error.kind !== 'auth' || this.#candidacy.signal === undefined) {
      this.#fail(error)
      return
    }
    // Another tab may have valid credentials.
    this.#refused = error
    this.#stepDown()
    this.#role = 'follows'
    this.#disconnect()
    this.#delivery.forward({ type: 'waiting', attempt: 0, delayMs: 0, cause: error })
    if (!this.#delivery.isOver) this.#candidacy.queue()
  }

  /** Ends the wire, in all tabs that have received the same messages if this one leads. */
  #fail(error: unknown): void {
    if (this.#role === 'leads' && isWireError(error)) {
      this.#broadcast.flush()
      this.#post({ type: 'end', error: toPlain(error) })
    }
    // The engine passes on an error that is not a WireError unchanged.
    this.#attempt.fail(error as WireError)
  }

  // Frames

  #receive(data: unknown): void {
    const frame = parseFrame<T>(data, this.#rules.protocol, this.#id)
    if (frame === undefined) return
    if (frame.type === 'claim') this.#giveWay()
    else if (frame.type === 'ask' || frame.type === 'send') {
      if (this.#role === 'leads') this.#serve(frame)
    } else if (frame.type === 'sent') this.#relay.settle(frame.nth, frame.error)
    else if (this.#role !== 'leads') this.#hear(frame)
  }

  #hear(frame: Frame<T>): void {
    this.#follower.hear(frame)
    if (this.#delivery.isOver || !this.#follower.isSynced || this.#delivery.state?.type !== 'open') return
    // Another tab has connected since this one was refused.
    this.#refused = undefined
    this.#relay.attach()
  }

  #serve(frame: Extract<Frame<T>, { type: 'ask' | 'send' }>): void {
    const { from: to } = frame
    if (frame.type === 'send') {
      const { nth } = frame
      this.#relay.forward(frame.message, this.#candidacy.signal).then((error) => {
        if (this.#role === 'leads') this.#post({ type: 'sent', to, nth, error })
      })
      return
    }
    const { id, seen } = frame
    const { position, history, state } = this.#delivery
    // A term that this tab has never heard of, because the storage was cleared.
    if (seen > position.term) this.#announce(seen)
    this.#broadcast.flush()
    const isComparable = this.#after !== undefined || id === ''
    this.#post({
      type: 'answer',
      to,
      id,
      messages: history.after(isComparable ? frame : undefined, id),
      after: this.#after,
      hasIds: this.#delivery.id !== '',
      state,
    })
  }

  /** @throws If it cannot be cloned. */
  #post(news: News<T>): void {
    this.#channel?.post({
      ...news,
      ...this.#delivery.position,
      protocol: this.#rules.protocol,
      from: this.#id,
      isHidden: this.#tab.isHidden(),
    })
  }
}
