import { HttpError, WireError } from '../../errors.ts'
import { type ResolvedRequest, requestMethod, requireHeaders, shownUrl } from '../../http/request.ts'
import { bodyTotal } from '../../http/response.ts'
import type { Continuation } from './continuation.ts'
import type { FetchStreamOptions } from './options.ts'

// How many bytes have come, of how many where that is known, and the entity tag of what they belong to.
const PLACE = /^(\d+)(?:\/(\d+))? (".*")$/s

/** Refuses at the call what no range can be asked for with. */
export function requireByteRange<T>(options: FetchStreamOptions<T>): void {
  const { headers, resumeFrom } = options
  if (requestMethod(options) !== 'GET') throw new TypeError("resume: 'range' needs the method GET")
  if (options.decode?.reads !== 'bytes') throw new TypeError("resume: 'range' needs decode: bytes()")
  if (options.idOf !== undefined) throw new TypeError("resume: 'range' sets the ids itself, so idOf must not be given")
  if (resumeFrom !== undefined && !PLACE.test(resumeFrom)) {
    throw new TypeError("resumeFrom must be the id of a message, where resume is 'range'")
  }
  if (typeof headers === 'object' && requireHeaders(headers).has('range')) throw new TypeError(`headers: ${OWN_RANGE}`)
}

const OWN_RANGE = "resume: 'range' asks for the ranges itself, so there must be no range header"

/**
 * What is missing of a body, after an attempt that has broken off (RFC 9110 §14). All that it knows is in the cursor:
 * how many bytes have come, of how many, and of which version.
 */
export class ByteRange implements Continuation {
  readonly offset: number
  readonly whyNot: string =
    ' It was not gone on with: its answer has no strong ETag, or came compressed. Across origins, a script sees the ' +
    'ETag only with Access-Control-Expose-Headers.'
  #etag: string | undefined
  #total: number | undefined
  #loaded: number
  #isPart = false

  constructor(cursor: string | undefined) {
    const [, offset = '0', total, etag] = PLACE.exec(cursor ?? '') ?? []
    this.offset = Number(offset)
    this.#loaded = this.offset
    this.#total = total === undefined ? undefined : Number(total)
    this.#etag = etag
  }

  /** Whether another attempt may go on. Without a version, nobody could tell that the parts belong together. */
  get canResume(): boolean {
    return this.#etag !== undefined
  }

  prepare({ headers }: ResolvedRequest): void {
    if (headers.has('range')) throw new WireError('network', `The provider of headers is of no use: ${OWN_RANGE}.`)
    if (this.offset === 0 || this.#etag === undefined) return
    headers.set('range', `bytes=${this.offset}-`)
    // [spec] Whoever has another version by now sends it from its beginning.
    headers.set('if-range', this.#etag)
  }

  /**
   * Takes note of the version and the length.
   *
   * @throws WireError of kind `truncated` if what is answered is not the rest of what has come.
   */
  start(request: ResolvedRequest, status: number, headers: Headers): void {
    const range = contentRangeOf(headers)
    this.#isPart = status === 206
    const total = this.#isPart ? range.total : bodyTotal(headers, 0)
    // Across origins the range may be hidden.
    if (this.#isPart && range.text !== undefined && range.from !== this.offset) {
      throw this.#truncated(request, `was to begin after ${this.offset} bytes and answered with ${range.text}`)
    }
    if (this.offset === 0) this.#etag = strongEtag(headers)
    else {
      this.#requireSame(request, headers, total)
      if (!this.#isPart) throw this.#truncated(request, this.#whyWhole(headers))
    }
    this.#total ??= total
  }

  /** Where to go on after a piece: how many bytes have come with it. */
  idOf(piece: unknown): string | undefined {
    this.#loaded += (piece as Uint8Array).byteLength
    if (this.#total !== undefined && this.#loaded > this.#total) {
      // It came compressed, where that is hidden: its bytes are not those that a range counts.
      this.#total = undefined
      this.#etag = undefined
    }
    if (this.#etag === undefined) return undefined
    const place = this.#total === undefined ? this.#loaded : `${this.#loaded}/${this.#total}`
    return `${place} ${this.#etag}`
  }

  total(): number | undefined {
    return this.#total
  }

  /**
   * A part may be less than all that is missing.
   *
   * @throws WireError of kind `truncated`, to go on with, unless the last byte is known to have come.
   */
  end(request: ResolvedRequest): void {
    if (!this.#isPart || this.#loaded === this.#total) return
    const message =
      `${request.method} ${shownUrl(request)} answered with a part (206) that ends after ${this.#loaded} of ` +
      `${this.#total ?? 'nobody knows how many'} bytes.`
    throw new WireError('truncated', message, { retryable: true })
  }

  /**
   * Nothing is missing when a part after the last byte is refused: only the word of the end was lost.
   *
   * @throws WireError of kind `truncated` if nobody says that it was the last byte.
   */
  isComplete(request: ResolvedRequest, error: unknown): boolean {
    if (!(error instanceof HttpError) || error.status !== 416 || this.offset === 0) return false
    const { text, total } = contentRangeOf(error.headers)
    this.#requireSame(request, error.headers, total)
    // Of an unknown length, it has the one that is told now.
    if ((total ?? this.#total) === this.offset) return true
    throw this.#truncated(
      request,
      `has refused to go on after ${this.offset} bytes (416), which is their end only with Content-Range: ` +
        `bytes */${this.offset}. It says ${text ?? 'nothing of it (Access-Control-Expose-Headers may be missing)'}`,
    )
  }

  /** Parts of another version, or of another length, do not belong to what has come. */
  #requireSame(request: ResolvedRequest, headers: Headers, total: number | undefined): void {
    const etag = headers.get('etag')
    if (etag !== null && etag !== this.#etag) {
      throw this.#truncated(request, `has changed: it was ${this.#etag} and is ${etag}`)
    }
    if (total !== undefined && this.#total !== undefined && total !== this.#total) {
      throw this.#truncated(request, `has changed: it had ${this.#total} bytes and has ${total}`)
    }
  }

  #whyWhole(headers: Headers): string {
    return headers.has('etag')
      ? 'does not go on where it was asked to: its server knows no ranges'
      : `has changed: it was ${this.#etag} and is of no known version`
  }

  #truncated(request: ResolvedRequest, why: string): WireError {
    const message =
      `${request.method} ${shownUrl(request)} ${why}. The ${this.offset} bytes that have come are not known to be the ` +
      'whole. Discard them and begin anew.'
    return new WireError('truncated', message)
  }
}

/** The version of a body as it came; what was compressed on its way is counted otherwise. */
function strongEtag(headers: Headers): string | undefined {
  const etag = headers.get('etag') ?? undefined
  const encoding = headers.get('content-encoding') ?? 'identity'
  return encoding !== 'identity' || etag?.startsWith('W/') ? undefined : etag
}

const FORM = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/

/** What a `Content-Range` says (RFC 9110 §14.4). */
export interface ContentRange {
  /** As it stands in the answer; `undefined` if there is none, or if it is hidden from other origins. */
  readonly text: string | undefined
  /** Where the part begins. */
  readonly from: number | undefined
  /** How many bytes there are in all. */
  readonly total: number | undefined
}

/** Reads the `Content-Range` of an answer; what makes no sense says nothing but its text. */
export function contentRangeOf(headers: Headers): ContentRange {
  const text = headers.get('content-range') ?? undefined
  const [, from, total] = FORM.exec(text ?? '') ?? []
  return { text, from: numberIn(from), total: numberIn(total) }
}

function numberIn(digits: string | undefined): number | undefined {
  return digits === undefined || digits === '*' ? undefined : Number(digits)
}
