import { SEND_AGAIN } from '../advice.ts'
import { WireError } from '../errors.ts'
import { isIdempotent, type RepeatOptions } from '../policy/retry-policy.ts'
import type { SourceMemory } from '../wire-memory.ts'
import { type RequestOptions, type ResolvedRequest, requestMethod, shownUrl } from './request.ts'

/** Checks that a subscription does not send a request again that an earlier one has sent. */
export interface RepeatGuard {
  /** @throws WireError of kind `unrepeatable` if an earlier subscription has sent the request. */
  check(): void
  /** Call it when the request is sent. */
  sent(request: ResolvedRequest): void
}

/** [law] 13: a request that is not safe to repeat is sent once per consumer, over all of its subscriptions. */
export function repeatGuard(memory: SourceMemory, options: RequestOptions & RepeatOptions): RepeatGuard {
  const actsAgain = !isIdempotent(requestMethod(options), options.idempotencyKey)
  // What earlier subscriptions sent. The retries of this one are decided by its policy.
  const { sentUnsafely } = memory
  const canResume = options.resume === true && memory.cursor !== undefined
  return {
    check: () => {
      if (!actsAgain || canResume || sentUnsafely === undefined) return
      throw new WireError(
        'unrepeatable',
        `${sentUnsafely} was sent before and may have taken effect, so it was not sent again.${SEND_AGAIN}`,
      )
    },
    sent: (request) => {
      if (actsAgain) memory.sentUnsafely = `${request.method} ${shownUrl(request)}`
    },
  }
}
