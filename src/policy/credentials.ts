import { HttpError, WireError } from '../errors.ts'
import { statusVerdict } from './http-status.ts'

/** Whether a failure means that credentials are missing or not good any more. */
export function isAboutCredentials(error: WireError): boolean {
  return error.kind === 'auth' || (error instanceof HttpError && statusVerdict(error.status) === 'refresh')
}

/** The same failure, once it is final: an application sends people to the login for it. */
export function asAuthError(error: WireError): WireError {
  if (error.kind === 'auth') return error
  if (!(error instanceof HttpError)) return new WireError('auth', error.message, { cause: error })
  const { message, status, headers, bodyText, url, retryAfterMs } = error
  return new HttpError(message, { kind: 'auth', status, headers, bodyText, url, retryAfterMs, cause: error })
}
