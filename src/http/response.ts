import { IS_IT_A_PAGE } from '../advice.ts'
import { EVENT_STREAM } from '../decoders/event-stream.ts'
import { HttpError } from '../errors.ts'
import { after, wallClock } from '../platform/clock.ts'
import { streamVerdict } from '../policy/http-status.ts'
import { retryAfterOf } from '../policy/retry-after.ts'
import type { WireClose } from '../wire.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** The end of a stream whose server responded with 204: there is nothing to send. */
export const NO_CONTENT: Omit<WireClose, 'type'> = { reason: 'No Content', wasClean: true }

/** A response whose head was received and whose body has not been read. `fetch` and XHR both provide it. */
export interface TextResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** The final URL, after redirects. */
  readonly url: string
  /**
   * Reads the body as UTF-8 while it arrives. `onText` receives each piece and the number of bytes so far, or of
   * characters if the engine does not know the bytes. An engine that can pause waits for the promise that `onText`
   * returns. Call it once.
   *
   * @returns Resolves at the end of the body.
   * @throws WireError of kind `network` if the connection is lost; `CloseError` if the engine ends the request because
   *   it holds too much in memory.
   */
  read(onText: (text: string, loaded: number) => void | Promise<void>): Promise<void>
}

/** Sends a request and resolves with the head of its response. */
export type OpenText = (request: ResolvedRequest, signal: AbortSignal) => Promise<TextResponse>

/** The final URL of a response. Some hosts do not report it; then it is the URL of the request. */
export function responseUrl(request: ResolvedRequest, url: string): string {
  return url === '' ? request.url : url
}

/**
 * Returns the total number of bytes of a body; `undefined` if it is unknown. A compressed body is larger than its
 * `Content-Length`. Across origins `Content-Encoding` may be hidden; then only a `loaded` above that length reveals the
 * compression.
 */
export function bodyTotal(headers: Headers, loaded: number): number | undefined {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return undefined
  const length = headers.get('content-length') ?? ''
  const total = /^\d+$/.test(length) ? Number(length) : Number.NaN
  return Number.isSafeInteger(total) && loaded <= total ? total : undefined
}

/** The content type of a response in lower case, without its parameters; an empty text if there is none. */
export function contentTypeOf(headers: Headers): string {
  return (headers.get('content-type') ?? '').replace(/;.*/s, '').trim().toLowerCase()
}

/** The content type for messages. A header that is no type may contain anything. */
export function shownType(headers: Headers): string {
  const type = contentTypeOf(headers)
  if (type === '') return 'no content type'
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) ? type : 'an invalid content type'
}

/**
 * Whether a response is an event stream, or says that the stream is done.
 *
 * @throws HttpError if it is neither.
 */
export async function checkEventStream(request: ResolvedRequest, response: TextResponse): Promise<'stream' | 'done'> {
  // [spec] 204 tells the client to stop reconnecting.
  if (response.status === 204) return 'done'
  if (response.status === 200 && contentTypeOf(response.headers) === EVENT_STREAM) return 'stream'
  throw await httpErrorFrom(request, response, EVENT_STREAM)
}

// Limits for the body of an error: enough to see what the server sent, without a long download or a hang.
const MAX_BODY_LENGTH = 8 * 1024
const MAX_BODY_MS = 1_000

/**
 * Returns the error for an unexpected response.
 *
 * @param expected What was expected, for the message, if the status alone does not say what is wrong.
 */
export async function httpErrorFrom(
  request: ResolvedRequest,
  response: TextResponse,
  expected?: string,
): Promise<HttpError> {
  const { status, statusText, headers, url } = response
  const bodyText = await excerptOf(response)
  const what = `${[status, statusText].join(' ').trim()} (${shownType(headers)})`
  const instead = expected === undefined ? '' : ` instead of ${expected}`
  const advice = instead !== '' && status === 200 ? IS_IT_A_PAGE : ''
  const retryAfterMs = retryAfterOf(headers, wallClock())
  const verdict = streamVerdict(status)
  // A refusal that names a time is not final.
  const mayPass = verdict === 'retry' || (verdict === 'final' && retryAfterMs !== undefined)
  return new HttpError(`${request.method} ${shownUrl(response)} responded with ${what}${instead}.${advice}`, {
    status,
    headers,
    url,
    bodyText,
    // A retry would get the same unexpected response again if its status is below 400.
    retryable: status >= 400 && mayPass,
    retryAfterMs,
  })
}

/** Reads the start of the body, up to the limits above. */
function excerptOf(response: TextResponse): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const finish = () => {
      cancelLimit()
      resolve(text.slice(0, MAX_BODY_LENGTH))
    }
    const cancelLimit = after(MAX_BODY_MS, finish)
    response
      .read((piece) => {
        text += piece
        // Stops the download: both engines close the connection when `onText` throws.
        if (text.length >= MAX_BODY_LENGTH) throw new RangeError('enough')
      })
      .then(finish, finish)
  })
}
