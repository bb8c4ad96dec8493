import { CloseError, HttpError, WireError } from '../errors.ts'

/**
 * What a status means for the attempt after it: `retry`, `refresh` (retry once with fresh credentials), or `final`.
 */
export type StatusVerdict = 'retry' | 'refresh' | 'final'

interface StatusRule {
  /** For a connection that is meant to stay open. Default: `retry` from 500 on, `final` below. */
  readonly stream?: StatusVerdict
  /** For a single request that a person waits for. Default: `final`. */
  readonly request?: StatusVerdict
  /**
   * For an upload that the server has stored in part. `retry` and `refresh`: it is still there. `conflict`: its offset
   * is another one. `gone`: it has to start over. `smaller`: the same bytes in smaller requests. `unsupported`: the
   * server cannot delete uploads. Default: as for a stream.
   */
  readonly upload?: 'retry' | 'refresh' | 'conflict' | 'gone' | 'smaller' | 'unsupported'
  /** For a long poll: the server or a proxy had nothing new within its time. Default: `false`. */
  readonly isQuietPoll?: true
  /** Whether all clients were dropped together, so that their retries have to be spread. Default: `false`. */
  readonly isHerd?: true
}

/** Statuses whose meaning differs from the defaults above. 2xx is success for all but the long poll. */
const RULES: Readonly<Record<number, StatusRule>> = {
  204: { isQuietPoll: true },
  304: { isQuietPoll: true },
  401: { stream: 'refresh', request: 'refresh', upload: 'refresh' }, // credentials are missing or have expired
  404: { upload: 'gone' },
  405: { upload: 'unsupported' },
  408: { stream: 'retry', request: 'retry' }, // the server did not get the request in time
  409: { upload: 'conflict' },
  410: { upload: 'gone' },
  413: { upload: 'smaller' },
  423: { upload: 'retry' }, // locked, usually by our own lost connection, which the server has not noticed yet
  425: { stream: 'retry', request: 'retry' }, // too early (RFC 8470): fine a moment later
  429: { stream: 'retry', request: 'retry' }, // too many requests, usually with Retry-After
  500: { request: 'retry' },
  501: { stream: 'final', upload: 'unsupported' }, // method not implemented
  502: { request: 'retry', isQuietPoll: true },
  503: { request: 'retry', isHerd: true }, // overload or restart
  504: { request: 'retry', isQuietPoll: true },
  505: { stream: 'final' }, // HTTP version not supported
  511: { stream: 'final' }, // a captive portal waits for a login
}

export function streamVerdict(status: number): StatusVerdict {
  return RULES[status]?.stream ?? (status >= 500 ? 'retry' : 'final')
}

export function requestVerdict(status: number): StatusVerdict {
  return RULES[status]?.request ?? 'final'
}

export function uploadMeaning(status: number): StatusRule['upload'] {
  return RULES[status]?.upload
}

export function isQuietPoll(status: number): boolean {
  return RULES[status]?.isQuietPoll ?? false
}

export function isHerdStatus(status: number): boolean {
  return RULES[status]?.isHerd ?? false
}

/** Whether a failure means that credentials are missing or no longer valid. */
export function isAboutCredentials(error: WireError): boolean {
  return error.kind === 'auth' || (error instanceof HttpError && streamVerdict(error.status) === 'refresh')
}

/** The same failure with kind `auth`, once it is final: applications redirect to the login for it. */
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
