import { HttpError } from '../errors.ts'
import type { ReconnectPolicy } from './reconnect-policy.ts'

// Somebody is at it already, most likely the connection of ours that was lost: the server has not noticed yet.
const LOCKED = 423

/** When an upload is tried again: for as long as it takes. Only what the server has confirmed proves its service. */
export function uploadPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  return {
    ...policy,
    resetOnMessageAfterMs: policy.resetOnMessageAfterMs ?? 0,
    resetOnOpenAfterMs: policy.resetOnOpenAfterMs ?? Number.POSITIVE_INFINITY,
    shouldRetry: (error, context) =>
      policy.shouldRetry?.(error, context) ?? ((error instanceof HttpError && error.status === LOCKED) || undefined),
  }
}
