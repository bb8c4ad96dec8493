import type { OperatorFunction } from 'rxjs'
import {
  type BadMessagePolicy,
  type Decode,
  messageDecoder,
  requireBadMessagePolicy,
  requireDecode,
  SKIPPED,
} from '../decoders/decode-message.ts'
import type { WireEvent } from '../wire.ts'
import { operate } from './operate.ts'

/** Options of {@link decode}. */
export interface DecodeOptions {
  /** What happens to a message that cannot be decoded. Default `'skip'`: one bad message does not end the wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
}

/**
 * Decodes or validates each message. All other events pass through.
 *
 * @param decoder A function that may throw, or a synchronous Standard Schema, which receives the message unchanged.
 * @throws TypeError if an argument is invalid.
 *
 * @example
 * ```ts
 * import { decode, fromEventSource, messages } from 'rxwire'
 *
 * fromEventSource('/temperatures').pipe(decode(Number), messages()).subscribe((celsius) => console.info(celsius))
 * ```
 */
export function decode<I, T>(
  decoder: Decode<I, T>,
  options: DecodeOptions = {},
): OperatorFunction<WireEvent<I>, WireEvent<T>> {
  requireDecode(decoder)
  requireBadMessagePolicy(options.onBadMessage)
  return operate((subscriber) => {
    const decodeOne = messageDecoder(decoder, options.onBadMessage)
    return {
      next: (event) => {
        if (event.type !== 'message') return subscriber.next(event)
        const data = decodeOne(event.data)
        if (data !== SKIPPED) subscriber.next({ ...event, data })
      },
    }
  })
}
