import { messageOf, WireError } from '../errors.ts'
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

type ReadBody<B> = (request: ResolvedRequest, response: Response, onLoaded: (loaded: number) => void) => Promise<B>

/** Reads a body as a type, and reports each piece that arrives. */
export const bodyReaders: { readonly [Type in keyof FetchBodies]: ReadBody<FetchBodies[Type]> } = {
  json: async (request, response, onLoaded) => parseJson(request, await bodyReaders.text(request, response, onLoaded)),
  text: async (request, response, onLoaded) => new TextDecoder().decode(await readAll(request, response, onLoaded)),
  blob: async (request, response, onLoaded) => {
    const type = response.headers.get('content-type') ?? ''
    return new Blob([await readAll(request, response, onLoaded)], { type })
  },
  arrayBuffer: async (request, response, onLoaded) => (await readAll(request, response, onLoaded)).buffer,
  formData: async (request, response, onLoaded) => {
    const { headers } = response
    const body = await readAll(request, response, onLoaded)
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
  onLoaded: (loaded: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  await readBytes(request, response.body, (bytes, loaded) => {
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

/** Reads a body piece by piece. If `onBytes` returns a promise, the next piece is read after it resolves. */
export async function readBytes(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  onBytes: (bytes: Uint8Array<ArrayBuffer>, loaded: number) => void | Promise<void>,
): Promise<void> {
  if (body === null) return
  if (typeof body.getReader !== 'function') {
    throw new WireError(
      'network',
      `${request.method} ${shownUrl(request)} cannot be read: this fetch returns a body that is not a ReadableStream. ` +
        "Use the fetch of the host, or the engine 'xhr'.",
    )
  }
  const reader = body.getReader()
  let loaded = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw brokenBody(request, cause)
      })
      if (done) return
      loaded += value.byteLength
      const consumed = onBytes(value, loaded)
      // Hot path: no `await` without a promise.
      if (consumed !== undefined) await consumed
    }
  } finally {
    // Also when `onBytes` throws: an unread body keeps its connection open. After a lost connection, `cancel` rejects.
    reader.cancel().catch(() => {})
  }
}

/** Reads a body as UTF-8 text, piece by piece, like {@link readBytes}. Characters are not split across pieces. */
export async function readText(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  onText: (text: string, loaded: number) => void | Promise<void>,
): Promise<void> {
  // The byte order mark is kept: the decoder of the format removes it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let length = 0
  await readBytes(request, body, (bytes, loaded) => {
    length = loaded
    return onText(decoder.decode(bytes, { stream: true }), loaded)
  })
  // An incomplete character at the end of the body becomes U+FFFD.
  const rest = decoder.decode()
  if (rest !== '') await onText(rest, length)
}
