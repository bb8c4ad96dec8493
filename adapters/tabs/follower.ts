import { fromPlain, type PlainEvent, type WireMessage } from 'rxwire'
import type { Delivery } from './delivery.ts'
import { type FollowerNews, type Frame, isSame, type Position } from './protocol.ts'

// How many beats a leader and an own connection must be quiet before they are taken for equal.
const QUIET_BEATS = 3

/** What a follower needs of its tab. */
export interface FollowerHost<T> {
  post(news: FollowerNews): void
  /** Whether this tab reads a connection of its own. */
  isAlone(): boolean
  /** Opens one. */
  connectAlone(): void
  /** Closes it: from here on, the leader's messages are delivered. */
  join(): void
  /** The leader is another one, has left, or is not followed any more. */
  leave(): void
  /** The leader has posted a message. */
  received(data: T): void
}

type FrameOf<T, Type> = Extract<Frame<T>, { readonly type: Type }>

/** Messages of the leader that this tab has delivered already. */
interface Skip {
  /** The last message of this tab. It is the last one to skip. */
  readonly id: string
  /** How many messages the leader is behind at most. */
  left: number
  /** How far the leader is. */
  seq: number
}

/** Reads what the leader posts. It compares positions, and never guesses: a hole in the sequence asks. */
export class Follower<T> {
  /** The highest term of a leader. */
  term = 0
  leader: string | undefined
  isLeaderHidden = false
  /** How many questions in a row had no answer. */
  unanswered = 0

  readonly #delivery: Delivery<T>
  readonly #host: FollowerHost<T>
  readonly #maxSkip: number
  /** Whether the next message of the leader is the next one for this tab, or for `#skip`. */
  #isSynced = false
  #skip: Skip | undefined
  #isAsking = false
  #hasHeard = false
  #quietPlace = ''
  #quietBeats = 0

  constructor(delivery: Delivery<T>, host: FollowerHost<T>, maxSkip: number) {
    this.#delivery = delivery
    this.#host = host
    this.#maxSkip = maxSkip
  }

  get isSynced(): boolean {
    return this.#isSynced
  }

  /** Forgets the leader's position, because this tab reads a connection of its own. */
  stop(): void {
    this.#isSynced = false
    this.#skip = undefined
    this.#host.leave()
  }

  /** Asks if the leader has been silent since the last beat, or its position is not known. */
  beat(): void {
    this.#isAsking = false
    if (!this.#hasHeard || !this.#isSynced) this.ask()
    this.#hasHeard = false
  }

  ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.unanswered += 1
    this.#host.post({ type: 'ask', id: this.#delivery.id, seen: this.term })
  }

  /** Reads a frame of a leader. Others are ignored. */
  hear(frame: Frame<T>): void {
    if (frame.term < this.term) {
      // A leader that has never heard of this term, because the storage was cleared. It raises its own.
      this.ask()
      return
    }
    if (frame.term > this.term || frame.from !== this.leader) {
      this.term = frame.term
      this.leader = frame.from
      this.#isAsking = false
      this.stop()
    }
    this.#hasHeard = true
    this.unanswered = 0
    this.isLeaderHidden = frame.isHidden
    this.#handle(frame)
  }

  #handle(frame: Frame<T>): void {
    switch (frame.type) {
      case 'lead':
        if (isSame(frame.after, this.#delivery.position)) this.#join(frame)
        else this.ask()
        break
      case 'beat':
        if (this.#isSynced) this.#expect(frame.seq)
        else if (!this.#host.isAlone() || !this.#isQuiet(frame.seq)) this.ask()
        else this.#joinAt(frame)
        break
      case 'news':
        this.#read(frame)
        break
      case 'answer':
        if (!this.#isSynced) this.#onAnswer(frame)
        break
      case 'bye':
        this.leader = undefined
        this.stop()
        break
      case 'end':
        // A tab that has not received all messages leads next, and reaches the end itself.
        if (!this.#isSynced || !this.#expect(frame.seq)) break
        if (frame.error === undefined) this.#delivery.attempt.complete()
        else this.#delivery.attempt.fail(fromPlain(frame.error))
    }
  }

  /** Returns whether the leader has not posted more than what was received. */
  #expect(seq: number): boolean {
    if (seq === (this.#skip?.seq ?? this.#delivery.position.seq)) return true
    this.stop()
    this.ask()
    return false
  }

  #read({ term, seq, events }: FrameOf<T, 'news'>): void {
    const before = seq - events.filter(isMessage).length
    if (this.#host.isAlone()) {
      this.#watch(term, before, events)
      return
    }
    if (!this.#isSynced) this.ask()
    else if (this.#expect(before)) this.#apply(events)
  }

  #apply(events: readonly PlainEvent<T>[]): void {
    for (const event of events) {
      if (!this.#isSynced || this.#delivery.isOver) return
      if (!isMessage(event)) this.#delivery.mirror(event)
      else if (this.#skip === undefined || !this.#isSkipped(event, this.#skip)) this.#receive(event)
    }
  }

  #receive(message: WireMessage<T>): void {
    this.#delivery.receive(message)
    this.#host.received(message.data)
  }

  #isSkipped({ id }: WireMessage<T>, skip: Skip): boolean {
    skip.seq += 1
    if (id === skip.id) {
      this.#skip = undefined
      this.#delivery.moveTo({ term: this.term, seq: skip.seq })
      return true
    }
    skip.left -= 1
    if (skip.left >= 0) return true
    this.#skip = undefined
    this.#delivery.restart({ term: this.term, seq: skip.seq - 1 })
    return false
  }

  #onAnswer(frame: FrameOf<T, 'answer'>): void {
    this.#isAsking = false
    const { position, id } = this.#delivery
    const messages = this.#unread(frame)
    const join = (seq: number) => this.#join({ term: frame.term, seq, state: frame.state })
    if (messages !== undefined) {
      join(frame.seq - messages.length)
      this.#apply(messages)
      return
    }
    if (this.#host.isAlone()) return
    if (!frame.hasIds && id === '') {
      this.#joinAt(frame)
      if (frame.state !== undefined) this.#adopt(frame.state)
      return
    }
    const left = position.seq - frame.seq
    const isComparable = id !== '' && position.term === frame.after?.term
    if (isComparable && left > 0 && left <= this.#maxSkip) this.#skipUntil({ id, left, seq: frame.seq })
    else this.#host.connectAlone()
  }

  /** Returns the messages of an answer that this tab has not delivered since its question. */
  #unread({ id, messages }: FrameOf<T, 'answer'>): readonly WireMessage<T>[] | undefined {
    const mine = this.#delivery.id
    if (messages === undefined || id === mine) return messages
    const index = messages.findIndex((message) => message.id === mine)
    return index < 0 ? undefined : messages.slice(index + 1)
  }

  /** Looks for the place of the own connection in the leader's messages. */
  #watch(term: number, before: number, events: readonly PlainEvent<T>[]): void {
    const messages = events.filter(isMessage)
    const { id, history } = this.#delivery
    for (const [index, message] of messages.entries()) {
      const ahead = message.id === undefined ? undefined : history.after(undefined, message.id)
      if (ahead === undefined) continue
      const seq = before + index + 1
      if (ahead.length === 0) this.#join({ term, seq })
      else this.#skipUntil({ id, left: ahead.length, seq })
      this.#apply(messages.slice(index + 1))
      return
    }
  }

  #skipUntil(skip: Skip): void {
    this.#host.join()
    this.#isSynced = true
    this.#skip = skip
  }

  /** Whether neither the leader nor the own connection has received anything for some time: they are at the same place. */
  #isQuiet(seq: number): boolean {
    const { id, position, state } = this.#delivery
    const place = `${seq} ${position.seq}`
    // A tab with a resume point may be ahead of a leader that is not connected.
    const isSame = place === this.#quietPlace && id === '' && state?.type === 'open'
    this.#quietBeats = isSame ? this.#quietBeats + 1 : 0
    this.#quietPlace = place
    return this.#quietBeats >= QUIET_BEATS
  }

  /** Continues with the next message of the leader. */
  #join({ term, seq, state }: Position & { readonly state?: PlainEvent<T> | undefined }): void {
    this.#host.join()
    this.#delivery.moveTo({ term, seq })
    this.#isSynced = true
    if (state !== undefined) this.#adopt(state)
  }

  /** Joins without knowing which messages are missing. */
  #joinAt({ term, seq }: Position): void {
    this.#host.join()
    this.#isSynced = true
    this.#delivery.restart({ term, seq })
  }

  #adopt(state: PlainEvent<T>): void {
    if (state.type !== this.#delivery.state?.type) this.#delivery.mirror(state)
  }
}

function isMessage<T>(event: PlainEvent<T>): event is WireMessage<T> {
  return event.type === 'message'
}
