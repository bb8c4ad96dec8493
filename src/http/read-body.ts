import { messageOf, WireError } from '../errors.ts'
import { brokenBody } from './network-error.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** What the body of a response may be read as. */
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

/** How a body becomes what was asked for, telling of each piece that arrives. */
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
    return understand(request, 'a form', () => new Response(body, { headers }).formData())
  },
  bytes: readAll,
  response: async (_, response) => response,
}

/** A text as JSON. Nothing at all, as 204 and HEAD have it, is `undefined`. */
export function parseJson(request: ResolvedRequest, text: string): Promise<unknown> {
  return understand(request, 'JSON', () => (text === '' ? undefined : JSON.parse(text)), text)
}

/** @throws WireError of kind `decode` if the body is not what it was taken for. */
async function understand<B>(
  request: ResolvedRequest,
  what: string,
  read: () => B | Promise<B>,
  seen = '',
): Promise<B> {
  try {
    return await read()
  } catch (cause) {
    const begin = seen === '' ? '' : ` It begins: ${seen.slice(0, 100)}`
    const message = `${request.method} ${shownUrl(request)} answered with what is not ${what} (${messageOf(cause)}).${begin}`
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
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.byteLength
  }
  return all
}

/** Hands over a body as it arrives; the next piece is read when the last one was taken. */
export async function readBytes(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  onBytes: (bytes: Uint8Array<ArrayBuffer>, loaded: number) => void | Promise<void>,
): Promise<void> {
  if (body === null) return
  const reader = body.getReader()
  let loaded = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw brokenBody(request, cause)
      })
      if (done) return
      loaded += value.byteLength
      const taken = onBytes(value, loaded)
      // Nobody waits for what is done already: pieces come by the thousand.
      if (taken !== undefined) await taken
    }
  } finally {
    // Also when `onBytes` throws: a body that nobody reads holds its connection. It may have broken already.
    reader.cancel().catch(() => {})
  }
}
