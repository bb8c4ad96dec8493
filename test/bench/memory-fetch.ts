/** What gets a response: the global `fetch`, or what stands in for it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Pieces of a body, at once or in their own time. */
type Pieces = Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>

/** A `fetch` without a network: every request is answered with these pieces. */
export function fetchFromMemory(piecesOf: () => Pieces, contentType: string): Fetch {
  return async () => new Response(bodyOf(piecesOf()), { headers: { 'content-type': contentType } })
}

function bodyOf(pieces: Pieces): ReadableStream {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  return new ReadableStream({
    // As the bodies of a network are.
    type: 'bytes',
    pull: async (controller) => {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      // A stream of bytes keeps what it is given, and every reader needs it.
      else controller.enqueue(value.slice())
    },
  })
}
