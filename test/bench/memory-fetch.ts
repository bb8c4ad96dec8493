/** The global `fetch`, or a replacement. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Pieces of a body, sync or async. */
type Pieces = Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>

/** Creates a `fetch` without a network. It responds to every request with these pieces. */
export function fetchFromMemory(piecesOf: () => Pieces, contentType: string): Fetch {
  return async () => new Response(bodyOf(piecesOf()), { headers: { 'content-type': contentType } })
}

function bodyOf(pieces: Pieces): ReadableStream {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  return new ReadableStream({
    // Like the body of a response from a network.
    type: 'bytes',
    pull: async (controller) => {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      // A byte stream transfers the buffer, and other readers still need it.
      else controller.enqueue(value.slice())
    },
  })
}
