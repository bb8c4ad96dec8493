import { CloseError, HttpError, type WireError } from '../errors.ts'

// RFC 6455 §7.4.1 and the IANA registry: going away, service restart, try again later.
const RESTART_CODES: ReadonlySet<number | undefined> = new Set([1001, 1012, 1013])

/** Whether a failure means that every client was dropped at once. */
export function isRestarting(error: WireError): boolean {
  if (error instanceof HttpError) return error.status === 503
  return error instanceof CloseError && RESTART_CODES.has(error.code)
}
