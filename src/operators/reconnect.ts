import { type MonoTypeOperatorFunction, type Observable, Subscriber } from 'rxjs'
import type { Attempt } from '../attempt.ts'
import { createWire } from '../engine/reconnecting.ts'
import type { WireError } from '../errors.ts'
import { resolveReconnectPolicy } from '../policy/reconnect-rules.ts'
import type { ReconnectPolicy } from '../policy/retry-policy.ts'
import { withContext } from '../subscription-context.ts'
import type { WireEvent } from '../wire.ts'
import { WireMemory } from '../wire-memory.ts'

/**
 * Subscribes to a wire again when it fails with a retryable error. The attempts share a {@link WireMemory}: a transport
 * resumes at its cursor and does not repeat an unsafe request; any other Observable starts from the beginning. An error
 * that is not a `WireError` passes through and is not retried.
 *
 * @throws TypeError if the policy is invalid.
 *
 * @example
 * ```ts
 * import { reconnect, type Wire } from 'rxwire'
 *
 * declare const prices: Wire<number>
 *
 * prices.pipe(reconnect({ maxRetries: 5 })).subscribe()
 * ```
 */
export function reconnect<T>(policy: ReconnectPolicy = {}): MonoTypeOperatorFunction<WireEvent<T>> {
  // Throws at the call, not when a source is piped.
  resolveReconnectPolicy(policy)
  return (source) =>
    createWire((memory, { backpressure }) => {
      // A store with dehydrated data knows the cursor before the first subscription.
      memory.inner ??= new WireMemory({ resumeFrom: memory.cursor })
      const { inner } = memory
      return (attempt) => {
        // Each attempt is another subscription of the same consumer to the source.
        inner.restart()
        return withContext({ backpressure, memory: inner }, () => forward(source, attempt))
      }
    }, policy)
}

/** Forwards the events of a source to an attempt, and adds the number of that attempt to theirs. */
function forward<T>(source: Observable<WireEvent<T>>, attempt: Attempt<T>): void {
  let isFirst = true
  // A Subscriber, not an observer: it exists before the source emits, so it can be closed during the first event.
  const inner = new Subscriber<WireEvent<T>>({
    next: (event) => {
      // The engine has emitted `connecting` for this attempt.
      const isKnown = isFirst && event.type === 'connecting'
      isFirst = false
      if (isKnown) return
      if (event.type !== 'connecting' && event.type !== 'waiting') attempt.event(event)
      else attempt.event({ ...event, attempt: attempt.attempt + event.attempt })
    },
    // The engine passes on an error that is not a WireError unchanged, and does not retry it.
    error: (error: unknown) => attempt.fail(error as WireError),
    complete: () => attempt.complete(),
  })
  attempt.signal.addEventListener('abort', () => inner.unsubscribe())
  source.subscribe(inner)
}
