import { messageOf } from '../errors.ts'
import { isArrayBuffer, isBlob } from '../host-object.ts'
import { CODEC_VENDOR, isSchema, type JsonCodec, type SchemaLike, validateAsync } from '../schema.ts'

/**
 * Returns the codec of JSON messages, for `decode` and `encode`, and for `events` of `fromEventSource`. It types the
 * messages: `decode: json<Tick>()`. Nothing checks at run time that they have that type, unless there is a schema.
 *
 * As `decode` it parses text and frames, and passes on what the transport has parsed already: the JSON body of a
 * response, a line of `ndjson()`, the argument of a JSONP callback. As `encode` it sends every message as JSON, also a
 * text.
 *
 * @param schema A Standard Schema that validates the parsed JSON; messages are its output. An asynchronous one only where
 *   `decode` may return a promise, as in `fromWebSocket`. Messages that are sent are not validated. Default: none.
 * @throws TypeError if `schema` is not one.
 *
 * @example
 * ```ts
 * import { fromEventSource, json, messages } from 'rxwire'
 *
 * fromEventSource('/ticks', { decode: json<{ price: number }>() })
 *   .pipe(messages())
 *   .subscribe(({ price }) => console.info(price))
 * ```
 */
export function json<T = unknown>(schema?: SchemaLike<T>): JsonCodec<T> {
  if (schema !== undefined && !isSchema(schema)) throw new TypeError('json: schema must be a Standard Schema')
  const codec: JsonCodec<T> = {
    '~standard': {
      version: 1,
      vendor: CODEC_VENDOR,
      validate: (value) => (schema === undefined ? { value: value as T } : schema['~standard'].validate(value)),
    },
    decode: (input) => {
      if (isBlob(input)) return input.arrayBuffer().then((bytes) => validateAsync(codec, parse(bytes)))
      return validateAsync(codec, parse(input))
    },
    encode,
  }
  return Object.freeze(codec)
}

function parse(input: unknown): unknown {
  if (typeof input === 'string') return JSON.parse(input)
  // Bytes that are not UTF-8 are refused, where the default would replace them.
  return isBytes(input) ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(input)) : input
}

function encode(message: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(message)
  } catch (cause) {
    throw new TypeError(`encode: a message cannot be encoded as JSON (${messageOf(cause)})`, { cause })
  }
  if (text !== undefined) return text
  throw new TypeError(`encode: a message of the type ${typeof message} cannot be encoded as JSON`)
}

function isBytes(input: unknown): input is ArrayBuffer | ArrayBufferView<ArrayBuffer> {
  return ArrayBuffer.isView(input) || isArrayBuffer(input)
}
