import { WireError } from '../errors.ts'
import { isCrossOrigin } from '../platform/origin.ts'
import type { ResolvedRequest } from './request.ts'
import { shownUrl } from './shown-url.ts'

/** The request got no answer. Browsers hide why from scripts, so the message names what may be behind it. */
export function unanswered(request: ResolvedRequest, cause?: unknown): WireError {
  const cors = isCrossOrigin(request.url)
    ? ' The url is of another origin: CORS may be the cause. Look for Access-Control-Allow-Origin in the response,' +
      ' and for what its preflight allows.'
    : ''
  return new WireError('network', `${request.method} ${shownUrl(request)} got no answer.${cors}`, {
    retryable: true,
    cause,
  })
}

/** The connection broke while the body was arriving. */
export function broken(request: ResolvedRequest, cause?: unknown): WireError {
  return new WireError('network', `${request.method} ${shownUrl(request)} broke off in the middle of its answer.`, {
    retryable: true,
    cause,
  })
}
