/**
 * What went wrong, in one word.
 *
 * - `network`: no answer came, or the connection broke while one did
 * - `http`: the server answered, and the answer is a refusal
 * - `closed`: the other side ended a connection that was meant to go on
 * - `timeout`: nothing came in time
 * - `truncated`: the answer ended before its end marker
 * - `decode`: a message could not be understood
 * - `overflow`: something grew past its declared bound
 * - `auth`: the credentials were refused for good, also after they were asked for again
 */
export type WireErrorKind = 'network' | 'http' | 'closed' | 'timeout' | 'truncated' | 'decode' | 'overflow' | 'auth'

/** What a {@link WireError} may carry beside its message. */
export interface WireErrorOptions {
  /** Whether another attempt may go better. Default `false`. */
  readonly retryable?: boolean | undefined
  /** How long the server asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The error underneath. */
  readonly cause?: unknown
}

const brand = Symbol.for('rxwire.WireError')

/**
 * Every failure of a wire. The message says what happened, where, and what to do.
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
  /** Whether another attempt may go better. The engine asks this, and a policy may overrule it. */
  readonly retryable: boolean
  /** How long the server asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** @internal */
  readonly [brand] = true

  constructor(kind: WireErrorKind, message: string, options: WireErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.kind = kind
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}

/** What a server answered, as far as an error needs it. */
export interface HttpErrorOptions extends WireErrorOptions {
  readonly status: number
  readonly headers: Headers
  /** The beginning of the response body, for a person to read. */
  readonly bodyText: string
  readonly url: string
  readonly kind?: 'http' | 'auth' | undefined
}

/** The server answered, and the answer is a refusal: a status that is final, or a body of the wrong type. */
export class HttpError extends WireError {
  override readonly name = 'HttpError'
  readonly status: number
  readonly headers: Headers
  /** The beginning of the response body: at most 8 KiB, and only what came within a second. */
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

/** How a connection was closed. */
export interface CloseErrorOptions extends WireErrorOptions {
  readonly code?: number | undefined
  readonly reason?: string | undefined
  readonly wasClean: boolean
  readonly kind?: 'closed' | 'auth' | undefined
}

/** The other side ended a connection that was meant to go on. */
export class CloseError extends WireError {
  override readonly name = 'CloseError'
  /** The close code, where the protocol has one (RFC 6455 §7.4). */
  readonly code: number | undefined
  readonly reason: string
  /** Whether the end was an orderly one: a finished body, a closing handshake. */
  readonly wasClean: boolean

  constructor(message: string, options: CloseErrorOptions) {
    super(options.kind ?? 'closed', message, options)
    this.code = options.code
    this.reason = options.reason ?? ''
    this.wasClean = options.wasClean
  }
}

/** What a thrown value says, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/**
 * Whether a value is a {@link WireError}, also one from another copy of the library or another frame.
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
