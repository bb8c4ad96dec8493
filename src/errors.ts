/**
 * The kind of a failure.
 *
 * - `network`: no response, or the connection was lost during the response
 * - `http`: the server responded with an error status or an unexpected body
 * - `closed`: the server ended a connection that was meant to stay open
 * - `timeout`: no response or no data within a time limit
 * - `truncated`: the response ended before its end marker
 * - `decode`: a message could not be decoded
 * - `overflow`: a size limit was exceeded
 * - `auth`: the server refused the credentials, and fresh ones too
 * - `unrepeatable`: the request was sent before, and is not safe to repeat
 */
export type WireErrorKind =
  | 'network'
  | 'http'
  | 'closed'
  | 'timeout'
  | 'truncated'
  | 'decode'
  | 'overflow'
  | 'auth'
  | 'unrepeatable'

/** Options of a {@link WireError}. */
export interface WireErrorOptions {
  /** Whether another attempt may succeed. Default `false`. */
  readonly retryable?: boolean | undefined
  /** The delay that the server asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The id of the message that caused the failure. */
  readonly messageId?: string | undefined
  /** The underlying error. */
  readonly cause?: unknown
}

const brand = Symbol.for('rxwire.WireError')

/**
 * A failure of a wire. The message says what failed, where, and what to do.
 *
 * @example
 * ```ts
 * import { fromEventSource, isWireError } from 'rxwire'
 *
 * fromEventSource('/ticks').subscribe({
 *   error: (error) => {
 *     if (isWireError(error) && error.kind === 'auth') location.assign('/login')
 *   },
 * })
 * ```
 */
export class WireError extends Error {
  override readonly name: string = 'WireError'
  readonly kind: WireErrorKind
  /** Whether another attempt may succeed. `shouldRetry` of a policy may override it. */
  readonly retryable: boolean
  /** The delay that the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** The id of the message that caused the failure, if it has one. A wire with this `resumeFrom` passes over it. */
  readonly messageId: string | undefined
  /** @internal */
  readonly [brand] = true

  constructor(kind: WireErrorKind, message: string, options: WireErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.kind = kind
    this.retryable = options.retryable ?? false
    const { retryAfterMs = Number.NaN } = options
    this.retryAfterMs = retryAfterMs >= 0 ? retryAfterMs : undefined
    this.messageId = options.messageId
  }
}

/** Options of an {@link HttpError}. */
export interface HttpErrorOptions extends WireErrorOptions {
  readonly status: number
  readonly headers: Headers
  /** The start of the response body. */
  readonly bodyText: string
  readonly url: string
  readonly kind?: 'http' | 'auth' | undefined
}

/** The server responded with an error status, or with a body of an unexpected type. */
export class HttpError extends WireError {
  override readonly name = 'HttpError'
  readonly status: number
  readonly headers: Headers
  /** The start of the response body: at most 8,192 characters, received within one second. */
  readonly bodyText: string
  readonly url: string

  constructor(message: string, options: HttpErrorOptions) {
    super(options.kind ?? 'http', message, options)
    this.status = options.status
    this.headers = options.headers
    this.bodyText = options.bodyText
    this.url = options.url
  }
}

/** Options of a {@link CloseError}. */
export interface CloseErrorOptions extends WireErrorOptions {
  readonly code?: number | undefined
  readonly reason?: string | undefined
  readonly wasClean: boolean
  readonly kind?: 'closed' | 'auth' | undefined
}

/** The server ended a connection that was meant to stay open. */
export class CloseError extends WireError {
  override readonly name = 'CloseError'
  /** The close code (RFC 6455 §7.4); `undefined` if the protocol has none. */
  readonly code: number | undefined
  readonly reason: string
  /** Whether the connection ended cleanly: with a finished body, or a closing handshake. */
  readonly wasClean: boolean

  constructor(message: string, options: CloseErrorOptions) {
    super(options.kind ?? 'closed', message, options)
    this.code = options.code
    this.reason = options.reason ?? ''
    this.wasClean = options.wasClean
  }
}

/** Returns a copy of an error, of the same class, with some fields changed. Its cause is the original. */
export function changedError(
  error: WireError,
  changes: { readonly kind?: 'auth'; readonly message?: string; readonly retryable: boolean },
): WireError {
  const message = changes.message ?? error.message
  // The fields of an error have the names of its options.
  const options: WireErrorOptions = { ...error, ...changes, cause: error }
  if (error instanceof HttpError) return new HttpError(message, options as HttpErrorOptions)
  if (error instanceof CloseError) return new CloseError(message, options as CloseErrorOptions)
  return new WireError(changes.kind ?? error.kind, message, options)
}

/** Returns the message of a thrown value of any type. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    // `Object.create(null)` cannot be converted to text.
    return 'an object that has no text'
  }
}

/**
 * Returns whether a value is a {@link WireError}. Recognises errors of another copy of the library or another realm.
 *
 * @example
 * ```ts
 * import { fromEventSource, isWireError } from 'rxwire'
 *
 * fromEventSource('/feed').subscribe({
 *   error: (error: unknown) => console.error(isWireError(error) && error.kind === 'auth' ? 'Log in' : error),
 * })
 * ```
 */
export function isWireError(value: unknown): value is WireError {
  return typeof value === 'object' && value !== null && brand in value
}

const EVENT_TYPES: readonly unknown[] = ['message', 'progress', 'connecting', 'open', 'waiting', 'close']

/**
 * Checks a value that a consumer of a wire received, such as the output of `messages()` in place of a wire.
 *
 * @throws TypeError if it is not an event of a wire.
 */
export function requireEvent(consumer: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && 'type' in value && EVENT_TYPES.includes(value.type)) return
  throw new TypeError(
    `${consumer} needs the events of a wire, got ${value === null ? 'null' : typeof value}. Apply messages() once, and last`,
  )
}
