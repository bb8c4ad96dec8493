/** Lets a consumer that pulls slow down a source that can wait, such as a response body. */
export interface Backpressure {
  /** Resolves when the consumer has room. A source asks between pieces. */
  ready(): Promise<void>
  /** Whether a source asks. A source that cannot wait leaves this `false`, and the consumer has to bound its queue. */
  isRespected: boolean
}

/** What a subscriber knows and its source needs. It travels with `subscribe`, through synchronous operators. */
export interface SubscriptionContext {
  readonly backpressure?: Backpressure | undefined
}

const NO_CONTEXT: SubscriptionContext = {}

let current = NO_CONTEXT

/** Subscribes with a context. The wires that are subscribed synchronously within `subscribe` receive it. */
export function withContext<R>(context: SubscriptionContext, subscribe: () => R): R {
  return replaceContext(context, subscribe)
}

/**
 * Reads the context of the subscription that is being made. This is the first statement of a transport: the slot is
 * empty while `run` calls the caller's code, and full again for the next source of the same subscription.
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
