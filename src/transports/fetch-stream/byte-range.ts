import { HttpError, WireError } from '../../errors.ts'
import { type ResolvedRequest, requestMethod, requireHeaders, shownUrl } from '../../http/request.ts'
import { bodyTotal } from '../../http/response.ts'
import { parseOrFail } from '../../provider.ts'
import type { Continuation, ResumePlan } from './continuation.ts'
import type { FetchStreamOptions } from './options.ts'

// [spec] RFC 9110 §8.8.3: a strong entity tag. An empty one does not tell versions apart.
const STRONG_TAG = '"[!#-~\\x80-\\xff]+"'
const IS_STRONG = new RegExp(`^${STRONG_TAG}$`)
// The position in a file: bytes received, the total if it is known, and the entity tag of the file.
const POSITION = new RegExp(`^(\\d+)(?:/(\\d+))? (${STRONG_TAG})$`)

/** Throws a `TypeError` for options that a byte range cannot be requested with. */
export function requireByteRange<T>(options: FetchStreamOptions<T>): void {
  const { headers, resumeFrom } = options
  if (requestMethod(options) !== 'GET') throw new TypeError('resume: byteRange() needs the method GET')
  if (options.decode?.reads !== 'bytes') throw new TypeError('resume: byteRange() needs decode: bytes()')
  if (options.idOf !== undefined)
    throw new TypeError('resume: byteRange() sets the ids itself, so idOf must not be given')
  if (resumeFrom !== undefined) requirePosition(resumeFrom)
  if (typeof headers === 'object' && requireHeaders(headers).has('range')) throw new TypeError(`headers: ${OWN_RANGE}`)
}

/** With another cursor, the start of the file would be delivered again. */
function requirePosition(cursor: string): void {
  if (POSITION.test(cursor)) return
  throw new TypeError('resumeFrom must be the id of a message if resume is byteRange()')
}

const OWN_RANGE = 'resume: byteRange() sets the range header itself, so the headers must not contain one'

/**
 * Returns how a download is resumed: the missing bytes of the same version of a file are requested (RFC 9110 §14). It
 * needs GET, `bytes()` and a server that sends strong ETags; another origin must expose `ETag` and `Content-Range`
 * (Access-Control-Expose-Headers), and `headers` must not contain `range`. A partial response is continued, and counts as
 * one retry. If the file has changed, or if nothing proves that its end was reached, the wire fails with kind
 * `truncated`. The id of a message is its position, also for `resumeFrom`.
 *
 * @example
 * ```ts
 * import { byteRange, bytes, fromFetchStream } from 'rxwire'
 *
 * fromFetchStream('/backup.zip', { decode: bytes(), resume: byteRange() }).subscribe()
 * ```
 */
export function byteRange(): ResumePlan {
  return { continueFrom: (cursor) => new ByteRange(cursor) }
}

/**
 * Requests the missing part of a body after an attempt that broke off (RFC 9110 §14). Its whole state is in the
 * cursor: how many bytes were received, of how many, and of which version of the file.
 */
class ByteRange implements Continuation {
  readonly offset: number
  readonly whyNot: string =
    ' The download cannot be resumed: the response has no strong ETag, or is compressed. Across origins, a script ' +
    'sees the ETag only with Access-Control-Expose-Headers.'
  #etag: string | undefined
  #total: number | undefined
  #loaded: number
  #isPart = false

  constructor(cursor: string | undefined) {
    if (cursor !== undefined) parseOrFail('resumeFrom', () => requirePosition(cursor))
    const [, offset = '0', total, etag] = POSITION.exec(cursor ?? '') ?? []
    this.offset = Number(offset)
    this.#loaded = this.offset
    this.#total = total === undefined ? undefined : Number(total)
    this.#etag = etag
  }

  get isProven(): boolean {
    return this.offset > 0
  }

  /** Without an entity tag, nothing proves that two parts belong to the same version. */
  get canResume(): boolean {
    return this.#etag !== undefined
  }

  prepare({ headers }: ResolvedRequest): void {
    if (headers.has('range')) throw new WireError('network', `invalid headers: ${OWN_RANGE}.`)
    if (this.offset === 0 || this.#etag === undefined) return
    headers.set('range', `bytes=${this.offset}-`)
    // [spec] RFC 9110 §13.1.5: a server with another version sends all of it.
    headers.set('if-range', this.#etag)
  }

  /** @throws WireError of kind `truncated` if the response is not the rest of the file. */
  start(request: ResolvedRequest, status: number, headers: Headers): void {
    const range = contentRangeOf(headers)
    this.#isPart = status === 206
    const total = this.#isPart ? range.total : bodyTotal(headers, 0)
    // Another origin may hide `Content-Range`.
    if (this.#isPart && range.text !== undefined && range.from !== this.offset) {
      throw this.#truncated(request, `sent ${range.text} in response to a request for the bytes after ${this.offset}`)
    }
    if (this.offset === 0) this.#etag = strongEtag(headers)
    else {
      this.#requireSameFile(request, headers, total)
      // [spec] RFC 9110 §15.3.7: a part has the ETag that the whole would have.
      if (this.#isPart && !headers.has('etag'))
        throw this.#truncated(request, 'sent a part (206) without the ETag of the file')
      if (!this.#isPart) throw this.#truncated(request, this.#whyNoPart(headers))
    }
    this.#total ??= total
  }

  /** Returns the position after a piece. */
  idOf(piece: unknown): string | undefined {
    this.#loaded += (piece as Uint8Array).byteLength
    if (this.#total !== undefined && this.#loaded > this.#total) {
      // The body is compressed, and `Content-Encoding` is hidden. A range would count the compressed bytes.
      this.#total = undefined
      this.#etag = undefined
    }
    if (this.#etag === undefined) return undefined
    const position = this.#total === undefined ? this.#loaded : `${this.#loaded}/${this.#total}`
    return `${position} ${this.#etag}`
  }

  total(): number | undefined {
    return this.#total
  }

  /**
   * A part may end before the file does.
   *
   * @throws WireError of kind `truncated`, retryable, unless the last byte was received.
   */
  end(request: ResolvedRequest): void {
    if (!this.#isPart || this.#loaded === this.#total) return
    const message =
      `${request.method} ${shownUrl(request)} sent a part (206) that ends after ${this.#loaded} of ` +
      `${this.#total ?? 'an unknown number of'} bytes.`
    throw new WireError('truncated', message, { retryable: true })
  }

  /**
   * Whether the server rejected a range that starts after the last byte (416). The file is complete then: the previous
   * connection was lost after its last byte.
   *
   * @throws WireError of kind `truncated` if the response does not prove that this was the last byte.
   */
  isComplete(request: ResolvedRequest, error: unknown): boolean {
    if (!(error instanceof HttpError) || error.status !== 416 || this.offset === 0) return false
    const { text, total } = contentRangeOf(error.headers)
    this.#requireSameFile(request, error.headers, total)
    // If the total was unknown, the one in this response counts.
    if ((total ?? this.#total) === this.offset) return true
    throw this.#truncated(
      request,
      `responded with 416 to a request for the bytes after ${this.offset}. That proves the end of the file only with ` +
        `Content-Range: bytes */${this.offset}, but the response has ` +
        (text ?? 'none (Access-Control-Expose-Headers may be missing)'),
    )
  }

  /** @throws WireError of kind `truncated` if the file has another version or length than the bytes received so far. */
  #requireSameFile(request: ResolvedRequest, headers: Headers, total: number | undefined): void {
    const etag = headers.get('etag')
    if (etag !== null && etag !== this.#etag) {
      throw this.#truncated(request, `has changed: it was ${this.#etag} and is ${shownTag(etag)}`)
    }
    if (total !== undefined && this.#total !== undefined && total !== this.#total) {
      throw this.#truncated(request, `has changed: it had ${this.#total} bytes and has ${total}`)
    }
  }

  #whyNoPart(headers: Headers): string {
    return headers.has('etag')
      ? 'sent the whole file instead of the rest, because its server does not support ranges'
      : `has changed: it was ${this.#etag} and has no ETag now`
  }

  #truncated(request: ResolvedRequest, reason: string): WireError {
    const message =
      `${request.method} ${shownUrl(request)} ${reason}. The ${this.offset} bytes received so far may be incomplete. ` +
      'Discard them and start again.'
    return new WireError('truncated', message)
  }
}

/** Returns an entity tag for a message. A header that is none may contain anything. */
function shownTag(etag: string): string {
  return /^(?:W\/)?"[!#-~]{0,100}"$/.test(etag) ? etag : 'an invalid ETag'
}

/** Returns the strong entity tag of a body; `undefined` if it is compressed: a range counts compressed bytes. */
function strongEtag(headers: Headers): string | undefined {
  const etag = headers.get('etag') ?? ''
  const encoding = headers.get('content-encoding') ?? 'identity'
  return encoding === 'identity' && IS_STRONG.test(etag) ? etag : undefined
}

const CONTENT_RANGE = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/

/** A parsed `Content-Range` (RFC 9110 §14.4). */
interface ContentRange {
  /** The header for a message; `undefined` if there is none, or if it is hidden from other origins. */
  readonly text: string | undefined
  /** The first byte of the part. */
  readonly from: number | undefined
  /** The size of the whole file in bytes. */
  readonly total: number | undefined
}

/** Parses the `Content-Range` of a response. A header that does not parse yields only that there is one. */
function contentRangeOf(headers: Headers): ContentRange {
  const text = headers.get('content-range') ?? undefined
  const match = CONTENT_RANGE.exec(text ?? '')
  const [, from, total] = match ?? []
  return {
    text: match === null && text !== undefined ? 'an invalid Content-Range' : text,
    from: numberIn(from),
    total: numberIn(total),
  }
}

function numberIn(digits: string | undefined): number | undefined {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : undefined
}
