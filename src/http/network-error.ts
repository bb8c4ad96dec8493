import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import { pageOrigin } from '../platform/globals.ts'
import { corsAdvice } from './diagnostics/cors-advice.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** What is known of a request that got no answer. */
interface Unanswered {
  readonly cause?: unknown
  /** Whether XHR is listened to while it sends. */
  readonly isUploadHeard?: boolean
}

/** The request got no answer. Browsers hide why from scripts, so the message names what may be behind it. */
export function noResponse(request: ResolvedRequest, { cause, isUploadHeard }: Unanswered = {}): WireError {
  const page = pageOrigin()
  const isForeign = page !== undefined && new URL(request.url).origin !== page
  const advice = isForeign ? ` The url is of another origin: ${corsAdvice(request, page, isUploadHeard)}` : ''
  return new WireError('network', `${request.method} ${shownUrl(request)} got no answer.${advice}`, {
    retryable: true,
    cause,
  })
}

/** The connection broke while the body was arriving. */
export function brokenBody(request: ResolvedRequest, cause?: unknown): WireError {
  return new WireError('network', `${request.method} ${shownUrl(request)} broke off in the middle of its answer.`, {
    retryable: true,
    cause,
  })
}

/** For senders that would send a stream as the text of its name, "[object ReadableStream]". */
export function refuseStream(request: ResolvedRequest, sender: string): void {
  if (!isStream(request.body)) return
  throw new WireError(
    'network',
    `${request.method} ${shownUrl(request)}: ${sender} cannot send a stream as its body. It can send a Blob: ` +
      'new Response(stream).blob() makes one.',
  )
}
