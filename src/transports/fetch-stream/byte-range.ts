import { HttpError, WireError } from '../../errors.ts'
import { type ResolvedRequest, requestMethod } from '../../http/request.ts'
import { shownUrl } from '../../http/shown-url.ts'
import type { Continuation } from './continuation.ts'
import type { FetchStreamOptions } from './options.ts'

// How many bytes have come, and the entity tag of what they belong to.
const PLACE = /^(\d+) (".*")$/s

/** Refuses at the call what no range can be asked for with. */
export function requireByteRange<T>(options: FetchStreamOptions<T>): void {
  if (requestMethod(options) !== 'GET') throw new TypeError("resume: 'range' needs the method GET")
  if (options.decode?.reads !== 'bytes') throw new TypeError("resume: 'range' needs decode: bytes()")
  if (options.cursor !== undefined) throw new TypeError("resume: 'range' has a cursor of its own")
  if (options.initialCursor !== undefined && !PLACE.test(options.initialCursor)) {
    throw new TypeError("initialCursor must be the id of a message, where resume is 'range'")
  }
}

/**
 * What is missing of a body, after an attempt that has broken off (RFC 9110 §14). All that it knows is in the cursor:
 * how many bytes have come, and of which version.
 */
export class ByteRange implements Continuation {
  readonly offset: number
  readonly whyNot: string =
    ' It was not gone on with: its answer has no strong ETag, or came compressed. Across origins, a script sees the ' +
    'ETag only with Access-Control-Expose-Headers.'
  #etag: string | undefined
  #loaded: number

  constructor(cursor: string | undefined) {
    const [, offset = '0', etag] = PLACE.exec(cursor ?? '') ?? []
    this.offset = Number(offset)
    this.#loaded = this.offset
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

  /** Where to go on after a piece: how many bytes have come with it. */
  idOf(piece: unknown): string | undefined {
    this.#loaded += (piece as Uint8Array).byteLength
    return this.#etag === undefined ? undefined : `${this.#loaded} ${this.#etag}`
  }

  /** Nothing is missing when a part after the last byte is refused: only the word of the end was lost. */
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
