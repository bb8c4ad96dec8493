/** The part of Standard Schema 1 that the library uses. Zod, Valibot, ArkType and others implement it. */
export interface SchemaLike<T, I = unknown> {
  readonly '~standard': {
    readonly vendor?: string | undefined
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>
    readonly types?: { readonly input: I; readonly output: T } | undefined
  }
}

type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** Returns whether a value is a schema. Check this before checking for a function, because a schema may be callable. */
export function isSchema<T>(value: unknown): value is SchemaLike<T> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
}

/**
 * Returns the output of a schema for a value.
 *
 * @throws TypeError with the issues of the schema, or if it is asynchronous.
 */
export function validate<T>(schema: SchemaLike<T>, value: unknown): T {
  const output = validateAsync(schema, value)
  if (output instanceof Promise) {
    output.catch(() => {})
    throw new TypeError('the schema is asynchronous: use a synchronous one, which keeps messages in order')
  }
  return output
}

/**
 * Returns the output of a schema for a value: a promise if the schema is asynchronous.
 *
 * @throws TypeError with the issues of the schema.
 */
export function validateAsync<T>(schema: SchemaLike<T>, value: unknown): T | Promise<T> {
  const result = schema['~standard'].validate(value)
  return result instanceof Promise ? result.then(outputOf) : outputOf(result)
}

function outputOf<T>(result: SchemaResult<T>): T {
  if (result.issues !== undefined) throw new TypeError(result.issues.map((issue) => issue.message).join('; '))
  return result.value
}

/** The vendor of the codecs of the library. Schemas of other vendors may have methods of the same names. */
export const CODEC_VENDOR = 'rxwire'

/** Messages as JSON, in both directions, see `json()`. It is accepted wherever a schema is. */
export interface JsonCodec<T> extends SchemaLike<T, T> {
  readonly '~standard': SchemaLike<T, T>['~standard'] & { readonly vendor: typeof CODEC_VENDOR; readonly version: 1 }
  /**
   * Parses text, or binary data as UTF-8. Any other input is parsed already. A promise for a `Blob`, and for an
   * asynchronous schema.
   *
   * @throws SyntaxError or TypeError if the input is not JSON in UTF-8, or does not match the schema.
   */
  decode(input: unknown): T | Promise<T>
  /** @throws TypeError if the message cannot be encoded as JSON: a `BigInt`, a cycle, a function. */
  encode(message: T): string
}

/** Returns whether a schema is a codec. The code of `json()` is not imported for this. */
export function isCodec<T>(schema: SchemaLike<T>): schema is JsonCodec<T> {
  return schema['~standard'].vendor === CODEC_VENDOR
}
