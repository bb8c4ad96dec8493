import { CloseError, HttpError, WireError } from '../errors.ts'

/** What a refusing status means for the attempt after it. */
export type StatusVerdict = 'retry' | 'refresh' | 'final'

const VERDICTS: Readonly<Record<number, StatusVerdict>> = {
  401: 'refresh', // credentials are missing or have expired: ask for fresh ones, once
  408: 'retry', // the server was tired of waiting for the request
  425: 'retry', // too early: the same request is fine a moment later (RFC 8470)
  429: 'retry', // too many requests: later, usually with Retry-After
  501: 'final', // the method is not implemented, and will not be in a second
  505: 'final', // nor will this version of HTTP
  511: 'final', // a captive portal wants a person to log in
}

/** The table of what is retryable: the exceptions by name; besides them 5xx may pass, and all else is final. */
export function statusVerdict(status: number): StatusVerdict {
  return VERDICTS[status] ?? (status >= 500 ? 'retry' : 'final')
}

/** Whether a failure means that credentials are missing or not good any more. */
export function isAboutCredentials(error: WireError): boolean {
  return error.kind === 'auth' || (error instanceof HttpError && statusVerdict(error.status) === 'refresh')
}

/** The same failure, once it is final: an application sends people to the login for it. */
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

// RFC 6455 §7.4.1 and the IANA registry: going away, service restart, try again later.
const RESTART_CODES: ReadonlySet<number | undefined> = new Set([1001, 1012, 1013])

/** Whether a failure means that every client was dropped at once. */
export function isRestarting(error: WireError): boolean {
  if (error instanceof HttpError) return error.status === 503
  return error instanceof CloseError && RESTART_CODES.has(error.code)
}
