import { decodeFunction, messageDecoder, type SKIPPED } from '../../decoders/decode-message.ts'
import type { WebSocketData, WebSocketOptions } from './options.ts'

/** A decoded frame. */
interface DecodedFrame<T> {
  readonly message: T
  /** The resume point after it. */
  readonly id: string | undefined
  readonly isPong: boolean
}

/** The decoder of one subscription. */
export interface ReadFrame<T> {
  /** Returns the payloads of a frame, if there may be several. */
  readonly split: ((frame: WebSocketData) => readonly unknown[] | typeof SKIPPED) | undefined
  decode(data: WebSocketData): DecodedFrame<T> | typeof SKIPPED
}

/** Returns the decoder of one subscription. A message for which `idOf` or `isPong` throws is a bad message. */
export function frameReader<T, C>(options: WebSocketOptions<T, C>): ReadFrame<T> {
  const { idOf, heartbeat, messages, onBadMessage } = options
  // Without a decoder the data is the message: `T` is `WebSocketData` then.
  const decode = options.decode === undefined ? asIs<T> : decodeFunction<WebSocketData, T>(options.decode, jsonOf)
  return {
    split: messages && messageDecoder((frame) => [...messages(frame)], onBadMessage),
    decode: messageDecoder((data) => {
      const message = decode(data)
      return { message, id: idOf?.(message), isPong: heartbeat?.isPong?.(message) ?? false }
    }, onBadMessage),
  }
}

function asIs<T>(data: WebSocketData): T {
  return data as T
}

/** The input of a schema. */
function jsonOf(data: WebSocketData): unknown {
  return typeof data === 'string' ? JSON.parse(data) : data
}
