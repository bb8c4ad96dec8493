import { HttpError, WireError } from '../../errors.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { shownUrl } from '../../http/shown-url.ts'

// How many bytes have come, and the entity tag of what they belong to.
const PLACE = /^(\d+) (".*")$/s

/** Whether a cursor is the id of a message of a download. */
export function isPlace(cursor: string): boolean {
  return PLACE.test(cursor)
}

/**
 * What is missing of a body, after an attempt that has broken off (RFC 9110 §14). All that it knows is in the cursor:
 * how many bytes have come, and of which version.
 */
export class ByteRange {
  /** How many bytes came before this attempt. */
  readonly offset: number
  #etag: string | undefined

  constructor(cursor: string | undefined) {
    const [, offset = '0', etag] = PLACE.exec(cursor ?? '') ?? []
    this.offset = Number(offset)
    this.#etag = etag
  }

  /** Whether another attempt may go on. Without a version, nobody could tell that the parts belong together. */
  get canGoOn(): boolean {
    return this.#etag !== undefined
  }

  askFor({ headers }: ResolvedRequest): void {
    if (this.offset === 0 || this.#etag === undefined) return
    headers.set('range', `bytes=${this.offset}-`)
    // [spec] Whoever has another version by now sends it from its beginning.
    headers.set('if-range', this.#etag)
  }

  /**
   * Takes note of the version.
   *
   * @throws WireError of kind `truncated` if what is answered is not the rest of what has come.
   */
  begin(request: ResolvedRequest, status: number, headers: Headers): void {
    if (this.offset === 0) {
      this.#etag = strongEtag(headers)
      return
    }
    // Across origins this one may be hidden.
    const range = headers.get('content-range') ?? `bytes ${this.offset}-`
    if (status === 206 && range.startsWith(`bytes ${this.offset}-`)) return
    const etag = headers.get('etag')
    const why =
      status === 206
        ? `was asked to go on after ${this.offset} bytes and answered with ${range}`
        : etag === this.#etag
          ? 'does not go on where it was asked to: its server knows no ranges'
          : `has changed: it was ${this.#etag} and is ${etag ?? 'of no known version'}`
    throw new WireError(
      'truncated',
      `${request.method} ${shownUrl(request)} ${why}. The ${this.offset} bytes that have come are not the whole. ` +
        'Discard them and begin anew.',
    )
  }

  /** Where to go on after so many bytes of this answer. */
  after(bytes: string | undefined): string | undefined {
    return this.#etag === undefined || bytes === undefined ? undefined : `${this.offset + Number(bytes)} ${this.#etag}`
  }

  /** Whether a refusal says that nothing is missing: only the word of the end was. */
  isWhole(error: unknown): boolean {
    if (!(error instanceof HttpError) || error.status !== 416 || this.offset === 0) return false
    return (error.headers.get('content-range') ?? `bytes */${this.offset}`) === `bytes */${this.offset}`
  }
}

/** The version of a body as it came; what was compressed on its way is counted otherwise. */
function strongEtag(headers: Headers): string | undefined {
  const etag = headers.get('etag') ?? undefined
  const encoding = headers.get('content-encoding') ?? 'identity'
  return encoding !== 'identity' || etag?.startsWith('W/') ? undefined : etag
}
