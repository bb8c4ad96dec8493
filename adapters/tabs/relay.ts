import { fromPlain, isWireError, type Outbox, type OutboxAttachment, type PlainError, toPlain, WireError } from 'rxwire'
import type { News } from './protocol.ts'

// More wait in the outbox of their own tab, which is bounded.
const MAX_PENDING = 64

interface Pending {
  resolve(): void
  reject(reason: unknown): void
}

/** Sends the messages of a tab over the connection of the leader. */
export class Relay<T> {
  readonly #outgoing: Outbox<unknown, T> | undefined
  readonly #post: (news: News<T>) => void
  readonly #pending = new Map<number, Pending>()
  #attachment: OutboxAttachment<T> | undefined
  #nth = 0

  constructor(outgoing: Outbox<unknown, T> | undefined, post: (news: News<T>) => void) {
    this.#outgoing = outgoing
    this.#post = post
  }

  /** The leader is connected. */
  attach(): void {
    const pending = this.#pending
    this.#attachment ??= this.#outgoing?.attach({
      get isWritable() {
        return pending.size < MAX_PENDING
      },
      bufferedBytes: 0,
      write: (message) => this.#write(message),
    })
  }

  /** The leader has left: what it did with the messages that wait for their receipt is unknown. */
  detach(): void {
    const attachment = this.#attachment
    this.#attachment = undefined
    this.#pending.clear()
    attachment?.detach()
  }

  /** A received message may acknowledge a sent one. */
  received(data: T): void {
    this.#attachment?.received(data)
  }

  settle(nth: number, error: PlainError | undefined): void {
    const pending = this.#pending.get(nth)
    if (pending === undefined) return
    this.#pending.delete(nth)
    if (error === undefined) pending.resolve()
    else pending.reject(fromPlain(error))
    this.#attachment?.drained()
  }

  /** Sends a message of another tab. Returns why it was not sent. */
  async forward(message: unknown, signal: AbortSignal | undefined): Promise<PlainError | undefined> {
    try {
      if (this.#outgoing === undefined) throw new Error('The leader has no outbox.')
      await this.#outgoing.send(message, { signal })
      return undefined
    } catch (reason) {
      return toPlain(isWireError(reason) ? reason : new WireError('closed', `A message was not sent: ${reason}`))
    }
  }

  #write(message: unknown): Promise<void> {
    const nth = ++this.#nth
    // Throws if the message cannot be cloned.
    this.#post({ type: 'send', nth, message })
    return new Promise((resolve, reject) => this.#pending.set(nth, { resolve, reject }))
  }
}
