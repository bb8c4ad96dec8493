import { type Attempt, fromPlain, type PlainEvent, toPlain, type WireEvent, type WireMessage } from 'rxwire'
import { History, type HistoryBounds } from './history.ts'
import type { Position } from './protocol.ts'

/** What one tab has delivered to its subscriber, from its own connection or another tab's. */
export class Delivery<T> {
  readonly attempt: Attempt<T>
  readonly history: History<T>
  /** The last event that was no message. */
  state: PlainEvent<T> | undefined
  #position: Position
  #hasForwarded = false

  constructor(attempt: Attempt<T>, bounds: HistoryBounds) {
    this.attempt = attempt
    // The position of a tab that has not delivered anything is comparable with no other.
    this.#position = { term: apart(0), seq: 0 }
    this.history = new History(bounds, this.#position, attempt.cursor ?? '')
  }

  get position(): Position {
    return this.#position
  }

  /** The resume point; an empty text is the start. */
  get id(): string {
    return this.attempt.cursor ?? ''
  }

  /** Whether the subscriber has left, or the wire has ended. */
  get isOver(): boolean {
    return this.attempt.signal.aborted
  }

  /** Gives the present position another name, in the term of another leader. */
  moveTo(position: Position): void {
    this.#position = position
    this.history.rename(position)
  }

  /** From here on, no other tab counts like this one. */
  goApart(): void {
    this.moveTo({ term: apart(this.#position.term), seq: this.#position.seq })
  }

  /** Counts a message, before it is delivered. */
  count(message: WireMessage<T>): void {
    this.#position = { term: this.#position.term, seq: this.#position.seq + 1 }
    this.history.push(message, this.#position)
  }

  /** Delivers a message that another tab has posted. */
  receive(message: WireMessage<T>): void {
    this.count(message)
    this.attempt.message(message.data, message.id, message.name)
  }

  /** Delivers an event that is no message. The engine has emitted the first `connecting` of this attempt. */
  forward(event: Exclude<WireEvent<T>, WireMessage<T>>): void {
    const isKnown = !this.#hasForwarded && event.type === 'connecting'
    this.#hasForwarded = true
    if (event.type === 'open' && event.continuity !== undefined && event.continuity !== 'resumed') {
      const isReset = event.continuity === 'reset'
      if (isReset) this.attempt.moveCursor(undefined)
      this.history.restart(this.#position, isReset ? '' : undefined)
    }
    if (event.type !== 'progress') this.state = toPlain(event)
    if (!isKnown) this.attempt.event(event)
  }

  /** Delivers an event that another tab has posted. */
  mirror(plain: PlainEvent<T>): void {
    const event = fromPlain(plain)
    if (event.type !== 'message') this.forward(event)
  }

  /** Continues at a position without knowing what is missing. Tells the subscriber, if it has received messages. */
  restart(position: Position): void {
    this.#position = position
    this.history.restart(position)
    if (this.attempt.last === undefined) return
    const open = this.state?.type === 'open' ? this.state : { type: 'open' as const }
    this.mirror({ ...open, continuity: 'gap' })
  }
}

/** Returns a term with a fraction, above this leader's and below the next one's. */
function apart(term: number): number {
  return Math.floor(term) + Math.random()
}
