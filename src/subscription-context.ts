import type { WireMemory } from './wire-memory.ts'

/** Lets a pull consumer slow down a source that can pause, such as a response body. */
export interface Backpressure {
  /** Resolves when the consumer has room. A source asks between chunks. */
  ready(): Promise<void>
  /**
   * Whether the source waits for `ready`. A source that cannot pause leaves this `false`, and the consumer has to bound
   * its queue.
   */
  isRespected: boolean
}

/** Data that a subscriber passes to its source. It travels with `subscribe`, through synchronous operators. */
export interface SubscriptionContext {
  readonly backpressure?: Backpressure | undefined
  /** What the subscriber knows from earlier subscriptions. Default: nothing. */
  readonly memory?: WireMemory | undefined
}

const NO_CONTEXT: SubscriptionContext = {}

let current = NO_CONTEXT

/** Subscribes with a context. The wires that are subscribed synchronously within `subscribe` receive it. */
export function withContext<R>(context: SubscriptionContext, subscribe: () => R): R {
  return replaceContext(context, subscribe)
}

/**
 * Calls `run` with the context of the current subscription. A transport does this in its first statement: the slot is
 * empty while `run` calls the caller's code, and is restored for the next source of the same subscription.
 */
export function takeContext<R>(run: (context: SubscriptionContext) => R): R {
  const context = current
  return replaceContext(NO_CONTEXT, () => run(context))
}

function replaceContext<R>(context: SubscriptionContext, run: () => R): R {
  const outer = current
  current = context
  try {
    return run()
  } finally {
    current = outer
  }
}
