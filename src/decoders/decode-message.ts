import { AWAIT_LATER, HANDLE_BAD_MESSAGES } from '../advice.ts'
import { callNamed, callSync } from '../callback.ts'
import { messageOf, WireError } from '../errors.ts'
import { hint } from '../platform/hints.ts'
import { isCodec, isSchema, type SchemaLike, validate } from '../schema.ts'
import { requireOneOf } from '../validate.ts'

/** Turns received data into a message: the codec `json()`, a function that may throw, or a synchronous Standard Schema. */
export type Decode<I, T> = ((input: I) => T) | SchemaLike<T>

/**
 * What happens to a message that cannot be decoded. `'skip'` skips it. `'fail'` ends the wire with a `WireError` of
 * kind `decode`. A function is called with the error and the number of skipped messages so far; the message is skipped.
 */
export type BadMessagePolicy = 'skip' | 'fail' | ((error: WireError, skipped: number) => void)

/** What a decoder returns for a message that was skipped. */
export const SKIPPED: unique symbol = Symbol('skipped')

/**
 * Returns the function that decodes the messages of a wire. It counts the skipped ones, so each subscription needs its
 * own.
 *
 * @param read Prepares the raw input for a schema, see {@link decodeFunction}.
 */
export function messageDecoder<I, T>(
  decode: Decode<I, T>,
  onBadMessage?: BadMessagePolicy,
  read?: ReadInput<I>,
): (input: I, id?: string) => T | typeof SKIPPED {
  const run = decodeFunction(decode, read)
  const skip = badMessageHandler(onBadMessage)
  return (input, messageId) => {
    let message: T
    try {
      message = run(input)
    } catch (cause) {
      return skip(input, cause, messageId)
    }
    if (message instanceof Promise) throw asyncDecode(message)
    return message
  }
}

/** Handles one message that cannot be decoded: reports and counts it, or throws the error that ends the wire. */
export type SkipBadMessage = (input: unknown, cause: unknown, messageId?: string) => typeof SKIPPED

/** Returns the handler of one subscription, which counts the skipped messages. */
export function badMessageHandler(onBadMessage: BadMessagePolicy = 'skip'): SkipBadMessage {
  let skipped = 0
  return (input, cause, messageId) => {
    const error = decodeError(input, cause, messageId)
    if (onBadMessage === 'fail') throw error
    skipped += 1
    if (typeof onBadMessage === 'function') callNamed('onBadMessage', () => onBadMessage(error, skipped))
    else hint('message skipped', error.message + HANDLE_BAD_MESSAGES)
    return SKIPPED
  }
}

/** The message would be a promise, and its order and its failure would be lost. */
function asyncDecode(message: Promise<unknown>): WireError {
  message.catch(() => {})
  return new WireError('decode', `decode returned a promise, and must be synchronous here.${AWAIT_LATER}`)
}

/**
 * Returns a `messages` option as a function.
 *
 * @throws TypeError from that function, if the result is not iterable, or is a text, which would be split into characters.
 */
export function splitFunction<I>(messages: (payload: I) => Iterable<unknown>): (payload: I) => readonly unknown[] {
  return (payload) => {
    const result: unknown = callSync('messages', () => messages(payload))
    if (typeof result === 'object' && result !== null && Symbol.iterator in result)
      return [...(result as Iterable<unknown>)]
    throw new TypeError(`messages must return an iterable, got ${typeof result}`)
  }
}

/** How the input of a decoder is prepared for a schema: by a function, or not, because it is parsed JSON. */
export type ReadInput<I> = ((input: I) => unknown) | 'parsed'

/**
 * Returns a `decode` option as a function, which throws if it fails. A schema validates the prepared input. A codec
 * prepares its input itself.
 */
export function decodeFunction<I, T>(decode: Decode<I, T>, read: ReadInput<I> = asIs): (input: I) => T {
  if (!isSchema<T>(decode)) return decode
  if (read === 'parsed') return (input) => validate(decode, input)
  // A promise is awaited or refused by the transport.
  return isCodec(decode) ? (input) => decode.decode(input) as T : (input) => validate(decode, read(input))
}

/** How the body of a response is prepared for a schema. */
export function inputOf(responseType: string = 'json'): ReadInput<unknown> {
  return responseType === 'json' ? 'parsed' : asIs
}

const asIs = <I>(input: I): unknown => input

export function requireDecode(decode: unknown, option = 'decode'): void {
  if (typeof decode !== 'function' && !isSchema(decode))
    throw new TypeError(`${option} must be a function or a Standard Schema`)
}

export function requireBadMessagePolicy(onBadMessage: unknown): void {
  if (typeof onBadMessage !== 'function') requireOneOf('onBadMessage', onBadMessage, ['skip', 'fail'])
}

function decodeError(input: unknown, cause: unknown, messageId: string | undefined): WireError {
  const text = textOf(input)
  const excerpt = text === undefined ? '' : `: ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`
  return new WireError('decode', `A message could not be decoded (${messageOf(cause)})${excerpt}.`, {
    cause,
    messageId,
  })
}

/** The text of a record: the record itself, or its `data`; `undefined` if it has none. */
export function textOf(input: unknown): string | undefined {
  const text = typeof input === 'object' && input !== null && 'data' in input ? input.data : input
  return typeof text === 'string' ? text : undefined
}
