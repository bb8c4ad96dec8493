import { CloseError, HttpError, WireError } from '../errors.ts'

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

/** For a long poll: the server, or a proxy, had nothing new within its time. */
const QUIET_POLL: readonly number[] = [204, 304, 502, 504]

/** For all clients: the server dropped them together, so their retries have to be spread. */
const HERD: readonly number[] = [503]

export function streamVerdict(status: number): StatusVerdict {
  return STREAM[status] ?? (status >= 500 ? 'retry' : 'final')
}

export function isRetryableRequest(status: number): boolean {
  return REQUEST_RETRY.includes(status)
}

export function uploadMeaning(status: number): UploadMeaning | undefined {
  return UPLOAD[status]
}

export function isQuietPoll(status: number): boolean {
  return QUIET_POLL.includes(status)
}

export function isHerdStatus(status: number): boolean {
  return HERD.includes(status)
}

/** Returns whether a failure means that credentials are missing or no longer valid. */
export function isAboutCredentials(error: WireError): boolean {
  return error.kind === 'auth' || (error instanceof HttpError && streamVerdict(error.status) === 'refresh')
}

/** Returns the same failure with kind `auth`. For a failure that is final: applications redirect to the login. */
export function asAuthError(error: WireError): WireError {
  if (error.kind === 'auth') return error
  const { message, retryAfterMs } = error
  const options = { kind: 'auth', retryAfterMs, cause: error } as const
  if (error instanceof HttpError) {
    const { status, headers, bodyText, url } = error
    return new HttpError(message, { ...options, status, headers, bodyText, url })
  }
  if (error instanceof CloseError) {
    const { code, reason, wasClean } = error
    return new CloseError(message, { ...options, code, reason, wasClean })
  }
  return new WireError('auth', message, options)
}
