/** The part of Standard Schema 1 that is used here: Zod, Valibot, ArkType and others have it. */
export interface SchemaLike<T> {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>
    readonly types?: { readonly output: T } | undefined
  }
}

type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** Whether this is a schema. It may be callable, too: ask this before asking whether it is a function. */
export function isSchema<T>(value: unknown): value is SchemaLike<T> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
}

/** @throws TypeError with what the schema says against the value, or if it takes its time to say it. */
export function validate<T>(schema: SchemaLike<T>, value: unknown): T {
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) {
    result.catch(() => {})
    throw new TypeError('the schema is asynchronous; messages keep their order only with a synchronous one')
  }
  if (result.issues !== undefined) throw new TypeError(result.issues.map((issue) => issue.message).join('; '))
  return result.value
}
