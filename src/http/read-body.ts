import { OTHER_FETCH, READ_AS_STREAM } from '../advice.ts'
import { messageOf, WireError } from '../errors.ts'
import { TaskBudget } from '../platform/task-budget.ts'
import { brokenBody } from './network-error.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** The types that the body of a response can be read as. */
export interface FetchBodies {
  readonly json: unknown
  readonly text: string
  readonly blob: Blob
  readonly arrayBuffer: ArrayBuffer
  readonly formData: FormData
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly response: Response
}

/** How a body is read. */
export interface ReadOptions {
  /** Aborting it ends the reading, also of a `fetch` that ignores the signal. */
  readonly signal: AbortSignal
  /** Receives the bytes so far, for each piece. */
  readonly onLoaded: (loaded: number) => void
  /** A longer body is an error. Default: no limit. */
  readonly maxBytes?: number | undefined
}

type ReadBody<B> = (request: ResolvedRequest, response: Response, options: ReadOptions) => Promise<B>

/** Reads a body as a type, and reports each piece that arrives. */
export const bodyReaders: { readonly [Type in keyof FetchBodies]: ReadBody<FetchBodies[Type]> } = {
  json: async (request, response, options) => parseJson(request, await bodyReaders.text(request, response, options)),
  text: async (request, response, options) => new TextDecoder().decode(await readAll(request, response, options)),
  blob: async (request, response, options) => {
    const type = response.headers.get('content-type') ?? ''
    return new Blob([await readAll(request, response, options)], { type })
  },
  arrayBuffer: async (request, response, options) => (await readAll(request, response, options)).buffer,
  formData: async (request, response, options) => {
    const { headers } = response
    const body = await readAll(request, response, options)
    return parseBody(request, 'a form', () => new Response(body, { headers }).formData())
  },
  bytes: readAll,
  response: async (_, response) => response,
}

/** Parses text as JSON. An empty body (204, HEAD) becomes `undefined`. */
export function parseJson(request: ResolvedRequest, text: string): Promise<unknown> {
  return parseBody(request, 'JSON', () => (text === '' ? undefined : JSON.parse(text)), text)
}

/** @throws WireError of kind `decode` if the body is not of the expected type. */
async function parseBody<B>(
  request: ResolvedRequest,
  expected: string,
  parse: () => B | Promise<B>,
  text = '',
): Promise<B> {
  try {
    return await parse()
  } catch (cause) {
    const start = text === '' ? '' : ` It starts with: ${text.slice(0, 100)}`
    const reason = messageOf(cause)
    const message = `${request.method} ${shownUrl(request)} sent a body that is not ${expected} (${reason}).${start}`
    throw new WireError('decode', message, { cause })
  }
}

async function readAll(
  request: ResolvedRequest,
  response: Response,
  { signal, onLoaded, maxBytes }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  await readBytes(request, response.body, signal, (bytes, loaded) => {
    if (isTooLarge(loaded, maxBytes)) throw tooLarge(request, maxBytes)
    pieces.push(bytes)
    length = loaded
    onLoaded(loaded)
  })
  const all = new Uint8Array(length)
  let offset = 0
  for (const piece of pieces) {
    all.set(piece, offset)
    offset += piece.byteLength
  }
  return all
}

/** Whether more bytes were received than the caller accepts. */
export function isTooLarge(loaded: number, maxBytes: number | undefined = Number.POSITIVE_INFINITY): boolean {
  return loaded > maxBytes
}

export function tooLarge(request: ResolvedRequest, maxBytes: number | undefined): WireError {
  const message = `${request.method} ${shownUrl(request)} sent a body of more than ${maxBytes} bytes.${READ_AS_STREAM}`
  return new WireError('overflow', message)
}

/** Reads a body piece by piece. If `onBytes` returns a promise, the next piece is read after it resolves. */
export async function readBytes(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  signal: AbortSignal,
  onBytes: (bytes: Uint8Array<ArrayBuffer>, loaded: number) => void | Promise<void>,
): Promise<void> {
  if (body === null) return
  if (typeof body.getReader !== 'function') {
    throw new WireError(
      'network',
      `${request.method} ${shownUrl(request)} cannot be read: this fetch returns a body that is not a ReadableStream.${OTHER_FETCH}`,
    )
  }
  const reader = body.getReader()
  const cancel = () => {
    reader.cancel().catch(() => {})
  }
  signal.addEventListener('abort', cancel)
  let loaded = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw brokenBody(request, cause)
      })
      // Cancelling looks like the end.
      signal.throwIfAborted()
      if (done) return
      loaded += value.byteLength
      const consumed = onBytes(value, loaded)
      // Hot path: no `await` without a promise.
      if (consumed !== undefined) await consumed
    }
  } finally {
    // Also when `onBytes` throws: an unread body keeps its connection open. After a lost connection, `cancel` rejects.
    cancel()
    signal.removeEventListener('abort', cancel)
  }
}

/** Reads a body as UTF-8 text, piece by piece, like {@link readBytes}. Characters are not split across pieces. */
export async function readText(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  signal: AbortSignal,
  onText: (text: string, loaded: number) => void | Promise<void>,
): Promise<void> {
  // The byte order mark is kept: the decoder of the format removes it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let length = 0
  await readBytes(request, body, signal, (bytes, loaded) => {
    length = loaded
    return onText(decoder.decode(bytes, { stream: true }), loaded)
  })
  // An incomplete character at the end of the body becomes U+FFFD.
  const rest = decoder.decode()
  if (rest !== '') await onText(rest, length)
}

const MAX_SLICE = 8 * 1024
const MIN_SLICE = 256
const SLOW_MS = 5

/**
 * Passes text on in slices, with turns for the page between them. A piece of a body may hold thousands of messages, and
 * handling them at once would block the page. The clock is read once per slice: reading it per message would cost more
 * than delivering one.
 */
export class TextSlices {
  readonly #signal: AbortSignal
  readonly #onSlice: (slice: string) => void
  readonly #ready: () => Promise<void> | undefined
  readonly #budget = new TaskBudget()
  #length = MAX_SLICE
  #waiting: Promise<void> | undefined

  /**
   * @param signal Aborting it drops the rest of the text.
   * @param ready Returns a promise while the consumer has no room. Asked after each slice.
   */
  constructor(signal: AbortSignal, onSlice: (slice: string) => void, ready: () => Promise<void> | undefined) {
    this.#signal = signal
    this.#onSlice = onSlice
    this.#ready = ready
  }

  /** Returns a promise if there is a rest. Push no other text until it resolves. */
  push(text: string): Promise<void> | undefined {
    this.#budget.start()
    const end = this.#run(text, 0)
    return end < text.length || this.#waiting !== undefined ? this.#continue(text, end) : undefined
  }

  /** Passes on slices until the budget is spent or the consumer has no room. Returns where it stopped. */
  #run(text: string, from: number): number {
    let at = from
    while (at < text.length) {
      // A short rest is not worth a slice of its own.
      const end = text.length - at <= 1.5 * this.#length ? text.length : at + this.#length
      this.#onSlice(at === 0 && end >= text.length ? text : text.slice(at, end))
      at = end
      this.#adapt(this.#budget.spend())
      this.#waiting = this.#ready()
      if (this.#waiting !== undefined || this.#budget.isSpent) break
    }
    return at
  }

  async #continue(text: string, from: number): Promise<void> {
    let at = from
    for (;;) {
      if (this.#waiting !== undefined) await this.#waiting
      this.#waiting = undefined
      if (at >= text.length || this.#signal.aborted) return
      if (this.#budget.isSpent) await this.#budget.renew()
      else this.#budget.start()
      if (this.#signal.aborted) return
      at = this.#run(text, at)
    }
  }

  #adapt(tookMs: number): void {
    if (tookMs > SLOW_MS) this.#length = Math.max(MIN_SLICE, this.#length / 2)
    else if (tookMs < SLOW_MS / 4) this.#length = Math.min(MAX_SLICE, this.#length * 2)
  }
}
