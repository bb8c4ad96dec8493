import type { Attempt } from '../attempt.ts'
import { type EndOptions, isLastMessage } from '../decoders/end-options.ts'
import { spendMessage, TaskBudget } from '../platform/task-budget.ts'

/**
 * The messages of a batch that are not delivered yet. A subscriber may reconnect while it handles a message. The next
 * attempt then delivers the rest, because a second request for the same cursor would deliver all of them again.
 */
export class PendingMessages<T> {
  readonly #options: EndOptions<T>
  #rest: Iterable<readonly [index: number, message: T]> = []
  #length = 0
  #cursor: string | undefined
  #address = ''
  #failure: unknown
  readonly #budget = new TaskBudget()

  constructor({ endsWhen, failsWhen }: EndOptions<T>) {
    this.#options = { endsWhen, failsWhen }
  }

  /**
   * @param cursor The resume point after the batch.
   * @param address The address for the error message.
   * @param failure Why the batch is not complete. It is thrown after its messages.
   */
  take(messages: readonly T[], cursor: string | undefined, address: string, failure?: unknown): void {
    // An iterator, not the array: the next attempt continues where this one stops.
    this.#rest = messages.entries()
    this.#length = messages.length
    this.#cursor = cursor
    this.#failure = failure
    this.#address = address
  }

  /**
   * Delivers the rest. The last message carries the cursor of the batch.
   *
   * @throws The signal's reason as soon as the attempt has ended: it must not send another request.
   */
  deliver(attempt: Attempt<T>): void {
    for (const [index, message] of this.#rest) this.#deliverOne(attempt, index, message)
    this.#end()
  }

  /** The same, with turns for the page between many messages. */
  async deliverInTurns(attempt: Attempt<T>): Promise<void> {
    this.#budget.start()
    for (const [index, message] of this.#rest) {
      this.#deliverOne(attempt, index, message)
      spendMessage(this.#budget, index)
      if (this.#budget.isSpent) await this.#budget.renew()
      attempt.signal.throwIfAborted()
    }
    this.#end()
  }

  #deliverOne(attempt: Attempt<T>, index: number, message: T): void {
    const id = index === this.#length - 1 ? this.#cursor : undefined
    const isLast = isLastMessage(this.#options, message, id, undefined, () => this.#address)
    attempt.message(message, id)
    if (isLast) attempt.close({ wasClean: true })
    attempt.signal.throwIfAborted()
  }

  #end(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }
}
