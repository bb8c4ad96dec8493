/** The part of Standard Schema 1 that the library uses. Zod, Valibot, ArkType and others implement it. */
export interface SchemaLike<T> {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>
    readonly types?: { readonly output: T } | undefined
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
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) {
    result.catch(() => {})
    throw new TypeError('the schema is asynchronous: use a synchronous one, which keeps messages in order')
  }
  if (result.issues !== undefined) throw new TypeError(result.issues.map((issue) => issue.message).join('; '))
  return result.value
}
