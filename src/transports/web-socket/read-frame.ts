import { callSync, isPromise, isTrue } from '../../callback.ts'
import { decodeFunction, type SKIPPED, type SkipBadMessage, splitFunction } from '../../decoders/decode-message.ts'
import { undecoded } from '../../decoders/undecoded-text.ts'
import { settled } from '../../engine/provide.ts'
import type { WebSocketData, WebSocketOptions } from './options.ts'

/** A decoded frame. */
interface DecodedFrame<T> {
  readonly message: T
  /** The resume point after it. */
  readonly id: string | undefined
  readonly isControl: boolean
  readonly isGap: boolean
}

/** What a decoder returns. */
export type FrameResult<T> = DecodedFrame<T> | typeof SKIPPED

/** The decoder of one connection. */
export interface ReadFrame<T> {
  /** Whether a frame is the response to a ping, if that can be told. */
  readonly isPong: ((frame: WebSocketData) => boolean | typeof SKIPPED) | undefined
  /** Returns the payloads of a frame, if there may be several. */
  readonly split: ((frame: WebSocketData) => readonly unknown[] | typeof SKIPPED) | undefined
  decode(data: WebSocketData): FrameResult<T> | Promise<FrameResult<T>>
}

const isDecoder = (value: unknown) => value === undefined || typeof value === 'object'

/**
 * Returns the decoder of one connection. A message for which `idOf` or `pong` throws is a bad message.
 *
 * @param skip Handles the bad messages of the subscription.
 * @param signal Aborted when the connection ends. Then pending promises reject.
 */
export function frameReader<T, C>(
  options: WebSocketOptions<T, C>,
  skip: SkipBadMessage,
  signal: AbortSignal,
): ReadFrame<T> {
  const { idOf, heartbeat: { pong } = {} } = options
  const create = () => options.createDecoder?.() ?? undefined
  const {
    messages,
    decode: decoder,
    isGap,
    isControl,
  } = callSync('createDecoder', create, 'a decoder', isDecoder) ?? options
  // Without a decoder the data is the message: `T` is `WebSocketData` then.
  const decode =
    decoder === undefined
      ? undecoded<WebSocketData, T>('fromWebSocket')
      : decodeFunction<WebSocketData, T | Promise<T>>(decoder, jsonOf)
  const frameOf = (message: T): DecodedFrame<T> => ({
    message,
    id: idOf && callSync('idOf', () => idOf(message)),
    isGap: isGap !== undefined && isTrue('isGap', () => isGap(message)),
    isControl: isControl !== undefined && isTrue('isControl', () => isControl(message)),
  })
  return {
    isPong: pong === undefined ? undefined : orSkip(pongTest(pong), skip),
    split: messages && orSkip(splitFunction(messages), skip),
    decode: orSkip((data) => {
      const message = decode(data)
      if (!isPromise(message)) return frameOf(message)
      return settled('decode', message, signal)
        .then(frameOf)
        .catch((cause: unknown) => {
          signal.throwIfAborted()
          return skip(data, cause)
        })
    }, skip),
  }
}

function orSkip<R>(
  read: (data: WebSocketData) => R,
  skip: SkipBadMessage,
): (data: WebSocketData) => R | typeof SKIPPED {
  return (data) => {
    try {
      return read(data)
    } catch (cause) {
      return skip(data, cause)
    }
  }
}

function pongTest(pong: string | ((frame: WebSocketData) => boolean)): (frame: WebSocketData) => boolean {
  if (typeof pong === 'string') return (frame) => frame === pong
  return (frame) => isTrue('heartbeat: pong', () => pong(frame))
}

/** The input of a schema. */
function jsonOf(data: WebSocketData): unknown {
  return typeof data === 'string' ? JSON.parse(data) : data
}
