import { SEND_A_BLOB } from '../advice.ts'
import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import { pageOrigin } from '../platform/globals.ts'
import { crossOriginAdvice } from './diagnostics/cors-advice.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** Details of a request without a response. */
interface NoResponseDetails {
  readonly cause?: unknown
  /** Whether the XHR has upload listeners, which cause a preflight. */
  readonly listensToUpload?: boolean
}

/**
 * Returns the error of a request without a response. Browsers hide the reason from scripts, so the message names likely
 * causes.
 */
export function noResponse(request: ResolvedRequest, { cause, listensToUpload }: NoResponseDetails = {}): WireError {
  const advice = crossOriginAdvice(request, pageOrigin(), listensToUpload)
  const message = `${request.method} ${shownUrl(request)} failed: no response from the server.${advice}`
  return new WireError('network', message, { retryable: true, cause })
}

/** Returns the error of a connection that was lost while the body was read. */
export function brokenBody(request: ResolvedRequest, cause?: unknown): WireError {
  return new WireError(
    'network',
    `${request.method} ${shownUrl(request)} failed: the connection was lost during the response.`,
    { retryable: true, cause },
  )
}

/**
 * Rejects a stream body, for senders that would send it as the text "[object ReadableStream]".
 *
 * @throws WireError of kind `network` if the body is a stream.
 */
export function refuseStream(request: ResolvedRequest, sender: string): void {
  if (!isStream(request.body)) return
  throw new WireError(
    'network',
    `${request.method} ${shownUrl(request)}: ${sender} cannot send a stream as its body.${SEND_A_BLOB}`,
  )
}
