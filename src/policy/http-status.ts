import { changedError, HttpError, type WireError } from '../errors.ts'

/**
 * What a status means for the attempt after it: `retry`, `refresh` (retry once with fresh credentials), or `final`.
 */
export type StatusVerdict = 'retry' | 'refresh' | 'final'

/** What a status means for an upload that the server has stored in part, where that differs from a stream. */
export type UploadMeaning = 'retry' | 'refresh' | 'conflict' | 'gone' | 'smaller' | 'unsupported'

// What each HTTP status means, one column per constant. Columns are separate so that a bundle contains only those it
// uses. Two things are decided elsewhere: how a body is read by its status (204, 206), and which statuses an upload
// protocol uses for a wrong offset.

/** For a connection that is meant to stay open. Other statuses retry from 500 on, and are final below. */
const STREAM: Readonly<Record<number, StatusVerdict>> = {
  401: 'refresh', // credentials are missing or have expired
  408: 'retry', // the server did not get the request in time
  425: 'retry', // too early (RFC 8470): the retry is sent after the TLS handshake
  429: 'retry', // too many requests, usually with Retry-After
  501: 'final', // method not implemented
  505: 'final', // HTTP version not supported
  511: 'final', // a captive portal waits for a login
}

/** For a request that a person waits for: worth a retry within seconds. A 507 or 508 does not go away that soon. */
const REQUEST_RETRY: readonly number[] = [408, 425, 429, 500, 502, 503, 504]

/** For a partly stored upload. Other statuses mean what they mean for a stream. */
const UPLOAD: Readonly<Record<number, UploadMeaning>> = {
  401: 'refresh',
  404: 'gone', // it has to start over
  405: 'unsupported', // the server cannot delete uploads
  409: 'conflict', // the offset differs from that of the server
  410: 'gone',
  413: 'smaller', // the same bytes in smaller requests
  423: 'retry', // locked, usually by our own lost connection, which the server has not noticed yet
  501: 'unsupported',
}

/** For a long poll: the server had nothing new within its time. */
const QUIET_POLL: readonly number[] = [204, 304]

/** For a long poll: a proxy gave up, if it has waited. */
const PROXY_TIMEOUT: readonly number[] = [502, 504]
// Proxies wait for a server at least this long.
const PROXY_PATIENCE_MS = 5_000

/** For all clients: the server dropped them together, so their retries have to be spread. */
const HERD: readonly number[] = [503]

export function streamVerdict(status: number): StatusVerdict {
  return STREAM[status] ?? (status >= 500 ? 'retry' : 'final')
}

export function isRetryableRequest({ status, retryAfterMs }: HttpError): boolean {
  return REQUEST_RETRY.includes(status) || retryAfterMs !== undefined
}

export function uploadMeaning(status: number): UploadMeaning | undefined {
  return UPLOAD[status]
}

/** @param heldMs How long the request was held, in milliseconds. */
export function isQuietPoll(status: number, heldMs: number): boolean {
  return QUIET_POLL.includes(status) || (PROXY_TIMEOUT.includes(status) && heldMs >= PROXY_PATIENCE_MS)
}

export function isHerdStatus(status: number): boolean {
  return HERD.includes(status)
}

/** [spec] RFC 9110 §15.5.11: the server no longer has what the request asks for: here, what follows the resume point. */
export function isGone(error: WireError): error is HttpError {
  return error instanceof HttpError && error.status === 410
}

/** Returns whether a failure means that credentials are missing or no longer valid. */
export function isAboutCredentials(error: WireError): boolean {
  return error.kind === 'auth' || (error instanceof HttpError && streamVerdict(error.status) === 'refresh')
}

/** Returns the same failure with kind `auth`. For a failure that is final: applications redirect to the login. */
export function asAuthError(error: WireError): WireError {
  return error.kind === 'auth' ? error : changedError(error, { kind: 'auth', retryable: false })
}
