import { HttpError } from 'rxwire'
import { streamVerdict } from '../../../src/policy/http-status.ts'

/** The error that the transports create for an HTTP status. */
export function refused(status: number): HttpError {
  const retryable = streamVerdict(status) === 'retry'
  return new HttpError('refused', { status, headers: new Headers(), bodyText: '', url: '', retryable })
}
