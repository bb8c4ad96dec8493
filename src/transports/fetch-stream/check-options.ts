import { requireBadMessagePolicy } from '../../decoders/decode-message.ts'
import { requireEndOptions } from '../../decoders/end-options.ts'
import { requireStreamDecoder } from '../../decoders/stream-decoder.ts'
import { requestMethod } from '../../http/request.ts'
import { isIdempotent, requireOnGone } from '../../policy/retry-policy.ts'
import { requireEngine, requireFunction, requireOneOf, requirePositive } from '../../validate.ts'
import { requireByteRange } from './byte-range.ts'
import type { FetchStreamOptions } from './options.ts'

/** @throws TypeError if an option is invalid. */
export function requireFetchStreamOptions<T>(options: FetchStreamOptions<T>): void {
  requireEngine(options.engine)
  requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  requireEndOptions(options)
  if (options.decode !== undefined) requireStreamDecoder(options.decode)
  if (options.endMarker !== undefined && options.decode?.reads === 'bytes') {
    throw new TypeError('endMarker needs a decoder that reads text, not bytes()')
  }
  requireFunction('idOf', options.idOf)
  requireBadMessagePolicy(options.onBadMessage)
  if (typeof options.resume === 'object') requireByteRange(options)
  else requireOneOf('resume', options.resume, [true, false])
  requireOneOf('contentType', options.contentType, ['ignore'])
  const isSafe = options.resume === true && isIdempotent(requestMethod(options), options.idempotencyKey)
  requireOnGone(options.onGone, isSafe)
}
