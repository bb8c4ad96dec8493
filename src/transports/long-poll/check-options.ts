import { requireBadMessagePolicy, requireDecode } from '../../decoders/decode-message.ts'
import { requireTarget } from '../../http/base-url.ts'
import { requireRequestOptions } from '../../http/request.ts'
import { requireRepeatable } from '../../http/request-wire.ts'
import { requireValidators } from '../../http/validators.ts'
import { requireOnGone } from '../../policy/retry-policy.ts'
import { requireFunction, requireName, requireOneOf, requirePositive } from '../../validate.ts'
import type { CursorSource, CursorTarget } from './cursor.ts'
import type { LongPollOptions } from './options.ts'

/** @throws TypeError if the url or an option is invalid. */
export function requireLongPollOptions<T>(url: unknown, options: LongPollOptions<T>): void {
  requireTarget(url, options)
  requireRequestOptions(options)
  requireRepeatable(options)
  requireOnGone(options.onGone, true)
  requirePositive('holdTimeoutMs', options.holdTimeoutMs)
  requireOneOf('responseType', options.responseType, ['json', 'text'])
  requireFunction('messages', options.messages)
  requireFunction('endsWhen', options.endsWhen)
  requireFunction('failsWhen', options.failsWhen)
  requirePositive('maxBytes', options.maxBytes)
  requireFunction('endsOnResponse', options.endsOnResponse)
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  requireCursorOptions(options.readCursor, options.sendCursor, options.resumeFrom)
}

function requireCursorOptions(
  readCursor: CursorSource | undefined = 'validators',
  sendCursor: CursorTarget | undefined,
  resumeFrom: string | undefined,
): void {
  if (typeof readCursor === 'string') requireOneOf('readCursor', readCursor, ['validators', 'etag', 'last-modified'])
  else if (typeof readCursor !== 'function') requireHeaderName('readCursor', readCursor)
  if (typeof sendCursor === 'object' && sendCursor !== null && 'query' in sendCursor) {
    requireName('sendCursor: query', sendCursor.query)
  } else if (sendCursor !== undefined && typeof sendCursor !== 'function') requireHeaderName('sendCursor', sendCursor)
  if (sendCursor === undefined && typeof readCursor === 'string') requireValidators('resumeFrom', resumeFrom)
}

function requireHeaderName(option: string, source: { readonly header: string } | null): void {
  const header: unknown = source?.header
  // [spec] RFC 9110 §5.1: a token.
  if (typeof header === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(header)) return
  throw new TypeError(`${option} must be a function, or name a header`)
}
