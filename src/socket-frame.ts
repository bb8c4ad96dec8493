import { isArrayBuffer, isBlob } from './host-object.ts'
import { isCodec, isSchema, type SchemaLike, validate } from './schema.ts'

/** The data of one WebSocket message: text or binary. */
export type SocketFrame = string | BufferSource | Blob

/**
 * Turns a message into a frame: a function, the codec `json()`, or a synchronous Standard Schema. The output of a schema
 * is sent unchanged if it is text or binary data, otherwise as JSON.
 */
export type Encode<C> = ((message: C) => SocketFrame) | SchemaLike<unknown, C>

/** Returns text and binary data unchanged, anything else as JSON. */
export function encodeFrame(message: unknown): SocketFrame {
  if (isFrame(message)) return message
  const text = JSON.stringify(message)
  if (text === undefined) throw new TypeError(`a message of the type ${typeof message} cannot be encoded as JSON`)
  return text
}

/** Returns the function that encodes the messages of a wire. */
export function frameEncoder<C>(encode: Encode<C> = encodeFrame): (message: C) => SocketFrame {
  if (!isSchema(encode)) return (message) => requireFrame('encode', encode(message))
  return isCodec(encode) ? (message) => encode.encode(message) : (message) => encodeFrame(validate(encode, message))
}

/** @throws TypeError if a callback returned something that a WebSocket would send as the text of its type. */
function requireFrame(callback: string, frame: unknown): SocketFrame {
  if (isFrame(frame)) return frame
  const isPromise = frame instanceof Promise
  // Its rejection would be an uncaught error of the page.
  if (isPromise) frame.catch(() => {})
  const type = isPromise ? 'a promise' : typeof frame
  throw new TypeError(`${callback} must return text or binary data, got ${type}`)
}

/** Returns one frame or several as an array. */
export function framesOf(callback: string, frames: SocketFrame | Iterable<SocketFrame> | undefined): SocketFrame[] {
  if (frames === undefined) return []
  if (isFrame(frames)) return [frames]
  if (typeof frames !== 'object' || frames === null || !(Symbol.iterator in frames))
    return [requireFrame(callback, frames)]
  return [...frames].map((frame) => requireFrame(callback, frame))
}

/** The size of a frame in bytes, without its header. */
export function frameBytes(frame: SocketFrame): number {
  if (typeof frame === 'string') return utf8Bytes(frame)
  return 'byteLength' in frame ? frame.byteLength : frame.size
}

export function isFrame(message: unknown): message is SocketFrame {
  return typeof message === 'string' || ArrayBuffer.isView(message) || isArrayBuffer(message) || isBlob(message)
}

/** Hot path: counts the bytes without encoding the text. */
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // A surrogate pair has four bytes, two per half.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
