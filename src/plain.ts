import { CloseError, HttpError, isWireError, WireError, type WireErrorKind } from './errors.ts'
import type { ParkReason, WireEvent, WireOpen, WireWaiting } from './wire.ts'

/** The headers of a response as name and value pairs. */
export type PlainHeaders = readonly (readonly [name: string, value: string])[]

/** The cause of a {@link PlainError}: a failure of a wire, or the name and message of another error. */
export type PlainCause = PlainError | { readonly name: string; readonly message: string }

/** A {@link WireError} as plain data. */
export interface PlainError {
  readonly name: 'WireError' | 'HttpError' | 'CloseError'
  readonly kind: WireErrorKind
  readonly message: string
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly messageId?: string
  readonly cause?: PlainCause
  /** Of an `HttpError`, with `headers`, `bodyText` and `url`. */
  readonly status?: number
  readonly headers?: PlainHeaders
  readonly bodyText?: string
  readonly url?: string
  /** Of a `CloseError`, with `reason` and `wasClean`. */
  readonly code?: number
  readonly reason?: string
  readonly wasClean?: boolean
}

/**
 * An event of a wire as plain data: `headers` of `open` are pairs, and the cause of `waiting` is a {@link PlainError}.
 * The data of a message is passed on unchanged.
 */
export type PlainEvent<T> =
  | Exclude<WireEvent<T>, WireOpen | WireWaiting>
  | (Omit<WireOpen, 'headers'> & { readonly headers?: PlainHeaders })
  | (Omit<WireWaiting, 'cause'> & { readonly cause: PlainError | ParkReason | 'rotated' })

const KINDS: readonly string[] = [
  'network',
  'http',
  'closed',
  'timeout',
  'truncated',
  'decode',
  'overflow',
  'auth',
  'unrepeatable',
] satisfies WireErrorKind[]
const TYPES: readonly string[] = [
  'connecting',
  'open',
  'progress',
  'message',
  'waiting',
  'close',
] satisfies WireEvent<never>['type'][]

// An error may be its own cause.
const MAX_CAUSES = 8

/**
 * Converts an event or an error of a wire to plain data, for `postMessage`, storage or JSON. An event can be cloned or
 * serialized if the data of its message can. {@link fromPlain} converts it back.
 *
 * The stack of an error is lost. Of a cause that is no `WireError`, only the name and the message are kept.
 *
 * @throws TypeError if the value is neither.
 *
 * @example
 * ```ts
 * import { fromEventSource, isWireError, toPlain } from 'rxwire'
 *
 * const channel = new BroadcastChannel('ticks')
 * fromEventSource('/ticks').subscribe({
 *   next: (event) => channel.postMessage(toPlain(event)),
 *   error: (error) => isWireError(error) && channel.postMessage(toPlain(error)),
 * })
 * ```
 */
export function toPlain(error: WireError): PlainError
export function toPlain<T>(event: WireEvent<T>): PlainEvent<T>
export function toPlain<T>(value: WireEvent<T> | WireError): PlainEvent<T> | PlainError {
  if (isWireError(value)) return plainError(value, MAX_CAUSES)
  requireEvent(value)
  if (value.type === 'open') {
    const { headers, ...rest } = value
    return headers === undefined ? rest : { ...rest, headers: [...headers] }
  }
  if (value.type === 'waiting') {
    const { cause } = value
    return { ...value, cause: typeof cause === 'string' ? cause : plainError(cause, MAX_CAUSES) }
  }
  return value
}

/**
 * Converts what {@link toPlain} returned back to an event or an error, also after `postMessage` or JSON.
 *
 * @throws TypeError if the value is neither, for example because another version of a page sent it.
 *
 * @example
 * ```ts
 * import { fromPlain, type PlainEvent } from 'rxwire'
 *
 * new BroadcastChannel('ticks').onmessage = ({ data }: MessageEvent<PlainEvent<string>>) => {
 *   const event = fromPlain(data)
 *   if (event.type === 'open') console.info(event.headers?.get('content-type'))
 * }
 * ```
 */
export function fromPlain(plain: PlainError): WireError
export function fromPlain<T>(plain: PlainEvent<T>): WireEvent<T>
export function fromPlain<T>(plain: PlainEvent<T> | PlainError): WireEvent<T> | WireError {
  if (isPlainError(plain)) return errorFrom(plain, MAX_CAUSES)
  requireEvent(plain)
  if (plain.type === 'open') {
    const { headers, ...rest } = plain
    return headers === undefined ? rest : { ...rest, headers: headersFrom(headers) }
  }
  if (plain.type === 'waiting') {
    const { cause } = plain
    return { ...plain, cause: typeof cause === 'string' ? cause : errorFrom(requireError(cause), MAX_CAUSES) }
  }
  return plain
}

function plainError(error: WireError, maxCauses: number): PlainError {
  const { kind, message, retryable, retryAfterMs, messageId, cause } = error
  return {
    name: error instanceof HttpError ? 'HttpError' : error instanceof CloseError ? 'CloseError' : 'WireError',
    kind,
    message,
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(messageId !== undefined && { messageId }),
    ...(cause instanceof Error && maxCauses > 0 && { cause: plainCause(cause, maxCauses - 1) }),
    ...(error instanceof HttpError && {
      status: error.status,
      headers: [...error.headers],
      bodyText: error.bodyText,
      url: error.url,
    }),
    ...(error instanceof CloseError && {
      ...(error.code !== undefined && { code: error.code }),
      reason: error.reason,
      wasClean: error.wasClean,
    }),
  }
}

function plainCause(cause: Error, maxCauses: number): PlainCause {
  return isWireError(cause) ? plainError(cause, maxCauses) : { name: cause.name, message: cause.message }
}

function errorFrom(plain: PlainError, maxCauses: number): WireError {
  const { message, status, headers = [], bodyText = '', url = '', code, reason, wasClean = false } = plain
  const { cause, retryable, retryAfterMs, messageId } = plain
  const options = {
    retryable,
    retryAfterMs,
    messageId,
    ...(cause !== undefined && maxCauses > 0 && { cause: causeFrom(cause, maxCauses - 1) }),
  }
  const kind = plain.kind === 'auth' ? 'auth' : undefined
  if (plain.name === 'HttpError' && status !== undefined) {
    return new HttpError(message, { ...options, kind, status, headers: headersFrom(headers), bodyText, url })
  }
  if (plain.name === 'CloseError') return new CloseError(message, { ...options, kind, code, reason, wasClean })
  return new WireError(plain.kind, message, options)
}

function causeFrom(cause: PlainCause, maxCauses: number): Error {
  if (isPlainError(cause)) return errorFrom(cause, maxCauses)
  return Object.assign(new Error(cause.message), { name: cause.name })
}

function headersFrom(pairs: PlainHeaders): Headers {
  return new Headers(pairs.map(([name, value]): [string, string] => [name, value]))
}

function isPlainError(value: unknown): value is PlainError {
  if (typeof value !== 'object' || value === null) return false
  const { kind, message } = value as Partial<PlainError>
  return KINDS.includes(kind as string) && typeof message === 'string'
}

function requireError(value: unknown): PlainError {
  if (isPlainError(value)) return value
  throw new TypeError('the cause of `waiting` must be an error as plain data')
}

function requireEvent(value: unknown): asserts value is { readonly type: string } {
  const type: unknown = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (!TYPES.includes(type as string)) throw new TypeError('expected an event or an error of a wire')
}
