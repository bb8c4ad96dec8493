import type { HttpRequest, ServerResponse } from '../connection/http.ts'
import type { Client } from '../network.ts'
import { readBody } from './body.ts'
import { sendRequest } from './exchange.ts'

/** Returns a `fetch` over the fake network. */
export function fakeFetch(tab: Client): typeof fetch {
  return async (input, init = {}) => {
    const asked = typeof input === 'object' && 'headers' in input ? input : undefined
    const signal = init.signal ?? asked?.signal
    signal?.throwIfAborted()
    const url = tab.network.resolve(asked?.url ?? String(input))
    const request = await tab.network.busy(requestOf(url, asked, init))
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const body = new ResponseBody(() => leave())
      const stop = () => signal?.removeEventListener('abort', abort)
      const fail = (reason: unknown) => {
        stop()
        reject(reason)
        body.fail(reason)
      }
      const abort = () => {
        leave()
        fail(signal?.reason)
      }
      const leave = sendRequest(tab, request, {
        sent: () => {},
        head: (head, from) => resolve(responseWith(head, from, url, body)),
        data: (bytes) => body.add(bytes),
        end: () => {
          stop()
          body.end()
        },
        lost: () => fail(new TypeError('Failed to fetch')),
      })
      signal?.addEventListener('abort', abort)
    })
  }
}

async function requestOf(url: URL, asked: Request | undefined, init: RequestInit): Promise<HttpRequest> {
  const headers = new Headers(init.headers ?? asked?.headers)
  const { bytes, type } = await readBody(init.body ?? (asked?.body ? await asked.arrayBuffer() : undefined))
  if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type)
  const method = normalized(init.method ?? asked?.method ?? 'GET')
  return { method, url, headers, body: bytes, redirect: init.redirect ?? asked?.redirect ?? 'follow' }
}

/** [spec] Fetch §2.2.1: these methods are case-insensitive, others are not. */
export function normalized(method: string): string {
  const upper = method.toUpperCase()
  return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'].includes(upper) ? upper : method
}

/** [spec] Fetch §2.2.3: a response with one of these statuses has no body. */
const NULL_BODY: ReadonlySet<number> = new Set([204, 205, 304])

function responseWith({ status, headers }: ServerResponse, from: URL, asked: URL, body: ResponseBody): Response {
  const response = new Response(NULL_BODY.has(status) ? null : body.stream, { status, headers })
  // A response that a script creates has no URL.
  Object.defineProperty(response, 'url', { value: from.href })
  Object.defineProperty(response, 'redirected', { value: from.href !== asked.href })
  return response
}

// What a browser takes from the network before a script reads it.
const BUFFER_BYTES = 64 * 1024

/** The body of a response, which takes bytes as fast as it is read. */
class ResponseBody {
  readonly stream: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #onPull = () => {}
  #isOver = false

  constructor(onCancel: () => void) {
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller
      },
      pull: () => this.#onPull(),
      cancel: () => {
        this.#isOver = true
        onCancel()
      },
    }
    this.stream = new ReadableStream(source, { highWaterMark: BUFFER_BYTES, size: ({ length }) => length })
  }

  add(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isOver) return undefined
    this.#controller?.enqueue(bytes)
    if ((this.#controller?.desiredSize ?? 0) > 0) return undefined
    return new Promise((resolve) => {
      this.#onPull = resolve
    })
  }

  end(): void {
    if (!this.#isOver) this.#controller?.close()
    this.#isOver = true
  }

  fail(reason: unknown): void {
    if (!this.#isOver) this.#controller?.error(reason)
    this.#isOver = true
  }
}
