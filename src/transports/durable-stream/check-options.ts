import { requireBadMessagePolicy, requireDecode } from '../../decoders/decode-message.ts'
import { requireTarget } from '../../http/base-url.ts'
import { requireRequestOptions } from '../../http/request.ts'
import { requireOnGone } from '../../policy/retry-policy.ts'
import { isResumePoint } from '../../resume-point.ts'
import { requireFunction, requireOneOf, requirePositive } from '../../validate.ts'
import type { DurableStreamOptions } from './options.ts'

/** @throws TypeError if the url or an option is invalid. */
export function requireDurableStreamOptions<T>(url: unknown, options: DurableStreamOptions<T>): void {
  requireTarget(url, options)
  requireRequestOptions(options)
  requireOneOf('live', options.live, ['auto', 'sse', 'long-poll', false])
  requireOnGone(options.onGone, true)
  const { resumeFrom } = options
  if (resumeFrom !== undefined && !(typeof resumeFrom === 'string' && isResumePoint(resumeFrom))) {
    throw new TypeError("resumeFrom must be '-1', 'now' or an offset")
  }
  requirePositive('maxBytes', options.maxBytes)
  requirePositive('connectTimeoutMs', options.connectTimeoutMs)
  requirePositive('holdTimeoutMs', options.holdTimeoutMs)
  requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  requireFunction('endsWhen', options.endsWhen)
  requireFunction('failsWhen', options.failsWhen)
}
