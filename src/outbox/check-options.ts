import { requireFunction, requireNonNegative, requireOneOf, requirePositive } from '../validate.ts'
import type { OutboxOptions } from './options.ts'

/** @throws TypeError if an option is invalid. */
export function requireOutboxOptions<C, I>(options: OutboxOptions<C, I>): void {
  requirePositive('outbox: capacity', options.capacity)
  requirePositive('outbox: capacityBytes', options.capacityBytes)
  requireNonNegative('outbox: ttlMs', options.ttlMs)
  requireOneOf('outbox: overflow', options.overflow, ['reject', 'drop-oldest', 'drop-newest', 'conflate'])
  requireFunction('outbox: sizeOf', options.sizeOf)
  requireFunction('outbox: conflateBy', options.conflateBy)
  requireFunction('outbox: idOf', options.idOf)
  requireFunction('outbox: acknowledge', options.acknowledge)
  requirePositive('outbox: acknowledgeTimeoutMs', options.acknowledgeTimeoutMs)
  requirePositive('outbox: maxDeliveries', options.maxDeliveries)
  if ((options.overflow === 'conflate') !== (options.conflateBy !== undefined)) {
    throw new TypeError("outbox: overflow 'conflate' and conflateBy must be given together")
  }
  if (options.acknowledge !== undefined && options.idOf === undefined) {
    throw new TypeError('outbox: acknowledge needs idOf')
  }
}
