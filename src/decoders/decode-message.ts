import { messageOf, WireError } from '../errors.ts'
import { hint } from '../platform/hints.ts'
import { isSchema, type SchemaLike, validate } from '../schema.ts'
import { requireOneOf } from '../validate.ts'

/** Turns what came over the wire into a message: a function that may throw, or a synchronous Standard Schema. */
export type Decode<I, T> = ((input: I) => T) | SchemaLike<T>

/**
 * What becomes of a message that cannot be decoded. `'skip'` passes over it, `'fail'` ends the wire with a
 * `WireError` of kind `decode`, a function is told of each and of how many there were so far, and it is passed
 * over.
 */
export type BadMessagePolicy = 'skip' | 'fail' | ((error: WireError, skipped: number) => void)

/** Stands for a message that was passed over. */
export const SKIPPED: unique symbol = Symbol('skipped')

/**
 * Builds the function that decodes one wire's messages. It counts for itself: build one per subscription.
 *
 * @param read What a schema is given instead of the raw input: text transports parse it as JSON first.
 */
export function messageDecoder<I, T>(
  decode: Decode<I, T>,
  onBadMessage: BadMessagePolicy = 'skip',
  read: (input: I) => unknown = (input) => input,
): (input: I) => T | typeof SKIPPED {
  const run = decodeFunction(decode, read)
  let skipped = 0
  return (input) => {
    try {
      return run(input)
    } catch (cause) {
      const error = decodeError(input, cause)
      if (onBadMessage === 'fail') throw error
      skipped += 1
      if (onBadMessage === 'skip') hint('message skipped', `${error.message} Give onBadMessage to hear of each.`)
      else onBadMessage(error, skipped)
      return SKIPPED
    }
  }
}

/** A schema as a function, too. Both throw what they cannot decode. */
export function decodeFunction<I, T>(decode: Decode<I, T>, read: (input: I) => unknown): (input: I) => T {
  return isSchema<T>(decode) ? (input) => validate(decode, read(input)) : decode
}

export function requireDecode(decode: unknown): void {
  if (typeof decode !== 'function' && !isSchema(decode))
    throw new TypeError('decode must be a function or a Standard Schema')
}

export function requireBadMessagePolicy(onBadMessage: unknown): void {
  if (typeof onBadMessage !== 'function') requireOneOf('onBadMessage', onBadMessage, ['skip', 'fail'])
}

function decodeError(input: unknown, cause: unknown): WireError {
  const text = textOf(input)
  const seen = text === undefined ? '' : `: ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`
  return new WireError('decode', `A message could not be decoded (${messageOf(cause)})${seen}.`, { cause })
}

/** The text of a record: the record itself, or its `data`; `undefined` if it has none. */
export function textOf(input: unknown): string | undefined {
  const text = typeof input === 'object' && input !== null && 'data' in input ? input.data : input
  return typeof text === 'string' ? text : undefined
}
