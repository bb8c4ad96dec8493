import { broken } from './network-error.ts'
import type { ResolvedRequest } from './request.ts'

/**
 * How many bytes a body will have, where that is honestly known: what is compressed on its way arrives larger than
 * its header says, and across origins the header may be hidden.
 */
export function bodyTotal(headers: Headers): number | undefined {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return undefined
  const length = headers.get('content-length') ?? ''
  return /^\d+$/.test(length) ? Number(length) : undefined
}

/** The same response, telling of its body as it is read. What breaks off is a `WireError` of kind `network`. */
export function watched(request: ResolvedRequest, response: Response, onLoaded: (loaded: number) => void): Response {
  if (response.body === null) return response
  const reader = response.body.getReader()
  let loaded = 0
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        const { done, value } = await reader.read().catch((cause) => {
          throw broken(request, cause)
        })
        if (done) {
          controller.close()
          return
        }
        loaded += value.byteLength
        onLoaded(loaded)
        controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  )
  const { status, statusText, headers } = response
  return new Response(body, { status, statusText, headers })
}
