import { SOCKET_SCHEMES } from '../../address.ts'
import { requireBadMessagePolicy, requireDecode } from '../../decoders/decode-message.ts'
import { requireEndOptions } from '../../decoders/end-options.ts'
import { requireTarget } from '../../http/base-url.ts'
import { hintUnknownOptions } from '../../http/diagnostics/unknown-options.ts'
import { WaterMarks } from '../../outbox/water-marks.ts'
import { requireCloseCodes } from '../../policy/close-code.ts'
import { isSchema } from '../../schema.ts'
import { requireFunction, requireNonNegative, requireOneOf, requireOrigins, requirePositive } from '../../validate.ts'
import { requireProtocols, type WebSocketOptions } from './options.ts'

/** @throws TypeError if the url or an option is invalid. */
export function requireWebSocketOptions<T, C>(url: unknown, options: WebSocketOptions<T, C>): void {
  requireTarget(url, options, SOCKET_SCHEMES)
  hintUnknownOptions(options)
  requireProtocols(options.protocols)
  requireOneOf('binaryType', options.binaryType, ['arraybuffer', 'blob'])
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  requireFunction('idOf', options.idOf)
  requireFunction('sendOnOpen', options.sendOnOpen)
  requireFunction('messages', options.messages)
  requireFunction('createDecoder', options.createDecoder)
  requireFunction('isGap', options.isGap)
  requireFunction('isControl', options.isControl)
  requireOrigins('credentialOrigins', options.credentialOrigins)
  requireFunction('isReady', options.isReady)
  requireEndOptions(options)
  requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  if (options.outgoing !== undefined && typeof options.outgoing.attach !== 'function') {
    throw new TypeError('outgoing must be an outbox')
  }
  if (!isSchema(options.encode)) requireFunction('encode', options.encode)
  requirePositive('highWaterBytes', options.highWaterBytes)
  requireNonNegative('lowWaterBytes', options.lowWaterBytes)
  const { highBytes, lowBytes } = new WaterMarks(options.highWaterBytes, options.lowWaterBytes)
  if (lowBytes > highBytes) throw new TypeError('lowWaterBytes must not be greater than highWaterBytes')
  requireFunction('burst', options.burst)
  if (options.heartbeat !== undefined && typeof options.heartbeat?.start !== 'function') {
    throw new TypeError('heartbeat must be the result of pingPong()')
  }
  requireCloseCodes(options.closeCodes)
}
