import { CloseError, HttpError, WireError } from '../errors.ts'
import { statusVerdict } from './http-status.ts'

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
