import { HttpError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { statusVerdict } from '../policy/http-status.ts'
import { retryAfterOf } from '../policy/retry-after.ts'
import type { ResolvedRequest } from './request.ts'
import { shownUrl } from './shown-url.ts'
import type { TextResponse } from './text-response.ts'

// Enough for a person to see what came instead. A refusal must not become a download, nor a place to hang.
const BODY_LENGTH = 8 * 1024
const BODY_WITHIN_MS = 1_000

/**
 * The error for an answer that is not what was asked for.
 *
 * @param expected What was asked for, as the message should say it, where a status below 400 may not be it.
 */
export async function refusal(request: ResolvedRequest, response: TextResponse, expected?: string): Promise<HttpError> {
  const { status, statusText, headers, url } = response
  const bodyText = await beginningOf(response)
  const type = headers.get('content-type') ?? 'no content type'
  return new HttpError(
    `${request.method} ${shownUrl(response)} answered ${[status, statusText].join(' ').trim()} (${type})${expected === undefined ? '' : ` instead of ${expected}`}.` +
      (expected !== undefined && status === 200
        ? ' Is this the address of a page, or of a login that stands in front of the stream?'
        : ''),
    {
      status,
      headers,
      url,
      bodyText,
      // A status below 400 is an answer to another question: asking again brings the same.
      retryable: status >= 400 && statusVerdict(status) === 'retry',
      retryAfterMs: retryAfterOf(headers, now()),
    },
  )
}

function beginningOf(response: TextResponse): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const enough = () => {
      cancelLimit()
      resolve(text.slice(0, BODY_LENGTH))
    }
    const cancelLimit = after(BODY_WITHIN_MS, enough)
    response
      .read((piece) => {
        text += piece
        // Ends the reading: the engine lets the connection go when its reader throws.
        if (text.length >= BODY_LENGTH) throw new RangeError('enough')
      })
      .then(enough, enough)
  })
}
