import { requireBadMessagePolicy, requireDecode } from '../../decoders/decode-message.ts'
import { requireEndOptions } from '../../decoders/end-options.ts'
import { requireTarget } from '../../http/base-url.ts'
import { requestMethod, requireRequestOptions } from '../../http/request.ts'
import { isIdempotent, requireOnGone } from '../../policy/retry-policy.ts'
import { requireEngine, requirePositive } from '../../validate.ts'
import { unsupportedByNative } from './native-engine.ts'
import type { EventSourceOptions } from './options.ts'

/** @throws TypeError if the url or an option is invalid. */
export function requireEventSourceOptions<T>(url: unknown, options: EventSourceOptions<T>): void {
  requireTarget(url, options)
  requireEngine(options.engine)
  const isNative = options.engine !== undefined && 'connect' in options.engine
  const unsupported = isNative ? unsupportedByNative(options) : undefined
  if (unsupported !== undefined) throw new TypeError(`${unsupported} does not work with nativeEngine()`)
  requireRequestOptions(options)
  requireEvents(options)
  requirePositive('maxEventLength', options.maxEventLength)
  if (options.stallTimeoutMs !== 'auto') requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  requireEndOptions(options)
  requireOnGone(options.onGone, isIdempotent(requestMethod(options), options.idempotencyKey))
  if (options.credentials === 'omit' && options.engine !== undefined) {
    throw new TypeError("credentials: 'omit' works only with fetch, without an engine")
  }
}

/** @throws TypeError if `events` is invalid. */
function requireEvents<T>(options: EventSourceOptions<T>): void {
  const { events, decode } = options
  if (events === undefined || Array.isArray(events)) return
  if (typeof events !== 'object' || events === null) throw new TypeError('events must be an array or an object')
  if (decode !== undefined) throw new TypeError('decode and the decoders of events exclude each other')
  for (const each of Object.values(events)) requireDecode(each, 'events: a decoder')
}
