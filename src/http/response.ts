import { HttpError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { streamVerdict } from '../policy/http-status.ts'
import { retryAfterOf } from '../policy/retry-after.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** An answer whose head has come and whose body is still to be read. The two engines look the same from here. */
export interface TextResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Where the answer came from, after redirects. */
  readonly url: string
  /**
   * Hands over the body as it arrives, decoded as UTF-8, with the number of bytes so far where the engine
   * knows it (characters otherwise). Where the engine can, it waits for what `onText` returns before it reads on.
   * Call it once.
   *
   * @returns When the body has ended.
   * @throws WireError of kind `network` if the connection breaks; `CloseError` if this engine gives it up,
   *   because it holds as much as it should.
   */
  read(onText: (text: string, loaded: number) => void | Promise<void>): Promise<void>
}

/** Sends a request and answers when the response's head is there. */
export type OpenText = (request: ResolvedRequest, signal: AbortSignal) => Promise<TextResponse>

/** Where an answer came from, redirects followed, by what the host says of it: not every one does. */
export function responseUrl(request: ResolvedRequest, url: string): string {
  return url === '' ? request.url : url
}

/**
 * How many bytes a body will have, where that is honestly known: what is compressed on its way arrives larger than
 * its header says. Across origins that header may be hidden, and then only what is too much gives it away.
 */
export function bodyTotal(headers: Headers, loaded: number): number | undefined {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return undefined
  const length = headers.get('content-length') ?? ''
  return /^\d+$/.test(length) && loaded <= Number(length) ? Number(length) : undefined
}

// Enough for a person to see what came instead. A refusal must not become a download, nor a place to hang.
const BODY_LENGTH = 8 * 1024
const BODY_WITHIN_MS = 1_000

/**
 * The error for an answer that is not what was asked for.
 *
 * @param expected What was asked for, as the message should say it, where a status below 400 may not be it.
 */
export async function httpErrorFrom(
  request: ResolvedRequest,
  response: TextResponse,
  expected?: string,
): Promise<HttpError> {
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
      retryable: status >= 400 && streamVerdict(status) === 'retry',
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
