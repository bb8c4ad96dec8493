import { isArrayBuffer, isBlob } from './host-object.ts'
import { isSchema, type SchemaLike, validate } from './schema.ts'

/** What a WebSocket carries in one piece: text, or binary as it is. */
export type SocketFrame = string | BufferSource | Blob

/** Turns a message into a frame: a function, or a synchronous Standard Schema whose output goes out as by default. */
export type Encode<C> = ((message: C) => SocketFrame) | SchemaLike<unknown>

/** Text and binary go as they are, anything else as JSON. */
export function encodeFrame(message: unknown): SocketFrame {
  if (isFrame(message)) return message
  const text = JSON.stringify(message)
  if (text === undefined) throw new TypeError(`${String(message)} has no JSON`)
  return text
}

/** The function that encodes a wire's messages. */
export function frameEncoder<C>(encode: Encode<C> = encodeFrame): (message: C) => SocketFrame {
  return isSchema(encode) ? (message) => encodeFrame(validate(encode, message)) : encode
}

/** How many bytes a frame is on its way, without its header. */
export function frameBytes(frame: SocketFrame): number {
  if (typeof frame === 'string') return utf8Bytes(frame)
  return 'byteLength' in frame ? frame.byteLength : frame.size
}

function isFrame(message: unknown): message is SocketFrame {
  return typeof message === 'string' || ArrayBuffer.isView(message) || isArrayBuffer(message) || isBlob(message)
}

/** Counted, not encoded: this runs for every message. */
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    // The two halves of a surrogate pair are four bytes together.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
