import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import type { ReconnectPolicy } from '../policy/reconnect-policy.ts'
import type { RequestOptions } from './request.ts'

/** Whether the body is a stream, which can be sent once, and not a function that makes one for each attempt. */
export function hasOneTimeBody({ body }: Pick<RequestOptions, 'body'>): boolean {
  return isStream(body)
}

/** A policy that says, where it would have tried again, why a body that can be sent once was not. */
export function sendingOnce(policy: ReconnectPolicy | undefined): ReconnectPolicy {
  return {
    ...policy,
    shouldRetry: (error, context) => {
      if (!(policy?.shouldRetry?.(error, context) ?? error.retryable)) return false
      const message =
        `${error.message} It was not tried again: its body is a stream, which can be sent once. ` +
        'Give body a function that makes a stream for each attempt.'
      throw new WireError(error.kind, message, { cause: error, retryAfterMs: error.retryAfterMs })
    },
  }
}
