import type { RequestHandler } from './serve-log.ts'
import { after } from './timer.ts'

/** The request of Node and Express, as far as it is used here. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Express: the URL before a router has removed its path. */
  readonly originalUrl?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket?: object | undefined
  /** Express: what a body parser has made of the body. */
  readonly body?: unknown
  /** Whether a body parser has read the body. */
  readonly readableDidRead?: boolean | undefined
}

/** The response of Node and Express, as far as it is used here. */
export interface NodeResponse {
  readonly destroyed: boolean
  readonly writableFinished: boolean
  writeHead(status: number, headers: Record<string, string | string[]>): unknown
  flushHeaders(): void
  write(chunk: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'close' | 'drain' | 'error', listener: () => void): unknown
  off(event: 'close' | 'drain' | 'error', listener: () => void): unknown
}

/** Options of {@link toNode}. */
export interface ToNodeOptions {
  /**
   * How long a client may read nothing before its connection is cut, in milliseconds. It can then resume. Default
   * 30,000.
   */
  readonly stallTimeoutMs?: number | undefined
}

/**
 * Turns a web-standard handler into a listener for `http.createServer`, Express and Connect. It stops reading while the
 * client is slow, and stops the handler when the client leaves. Mount it before body parsers: what they have parsed is
 * encoded as JSON again.
 *
 * An error of the handler is passed to `next`, or answered with 500.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { memoryLogs, serveLogs, toNode } from 'rxwire/server'
 *
 * createServer(toNode(serveLogs(memoryLogs()))).listen(3000)
 * ```
 */
export function toNode(
  handler: RequestHandler,
  { stallTimeoutMs = 30_000 }: ToNodeOptions = {},
): (request: NodeRequest, response: NodeResponse, next?: (error: unknown) => void) => Promise<void> {
  return async (incoming, outgoing, next) => {
    const left = new AbortController()
    const leave = () => left.abort()
    outgoing.on('close', leave)
    // A connection that is lost during a write.
    outgoing.on('error', leave)
    let hasStarted = false
    try {
      const response = await handler(toRequest(incoming, left.signal))
      hasStarted = true
      await write(response, outgoing, left.signal, stallTimeoutMs)
    } catch (error) {
      if (hasStarted) outgoing.destroy()
      else if (next !== undefined) next(error)
      else {
        outgoing.writeHead(500, {})
        outgoing.end()
      }
    } finally {
      if (outgoing.destroyed || outgoing.writableFinished) outgoing.off('close', leave)
    }
  }
}

/** Returns the web-standard form of a request of Node, without a body if it is a handshake. */
export function toRequest(incoming: NodeRequest, signal?: AbortSignal): Request {
  const { method = 'GET', headers, socket } = incoming
  const host = String(headers['host'] ?? 'localhost')
  const path = incoming.originalUrl ?? incoming.url ?? '/'
  const given = Object.entries(headers).flatMap(([name, value = []]) =>
    // The pseudo-headers of HTTP/2 are no headers.
    name.startsWith(':') ? [] : [value].flat().map((one): [string, string] => [name, one]),
  )
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
  const init = {
    method,
    headers: given,
    ...(signal && { signal }),
    // Streams are sent in one direction at a time.
    ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }),
  }
  const isEncrypted = socket !== undefined && 'encrypted' in socket && socket.encrypted === true
  return new Request(`${isEncrypted ? 'https' : 'http'}://${host}${path}`, init)
}

function bodyOf(incoming: NodeRequest): BodyInit | null {
  const { body } = incoming
  if (incoming.readableDidRead === true && body !== undefined) {
    return typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body)
  }
  const chunks = incoming[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Writes a response, at the pace of the client. */
async function write(
  { status, headers, body }: Response,
  outgoing: NodeResponse,
  signal: AbortSignal,
  stallTimeoutMs: number,
): Promise<void> {
  const fields: Record<string, string | string[]> = Object.fromEntries(headers)
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) fields['set-cookie'] = cookies
  outgoing.writeHead(status, fields)
  if (body === null) {
    outgoing.end()
    return
  }
  outgoing.flushHeaders()
  const reader = body.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) break
      if (outgoing.write(value)) continue
      if (await isStalled(outgoing, signal, stallTimeoutMs)) outgoing.destroy()
    }
    outgoing.end()
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Waits until the client has read. Resolves with whether it has not within the limit. */
function isStalled(outgoing: NodeResponse, signal: AbortSignal, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (stalled: boolean) => {
      cancel()
      outgoing.off('drain', drained)
      signal.removeEventListener('abort', drained)
      resolve(stalled)
    }
    const drained = () => settle(false)
    const cancel = after(limitMs, () => settle(true))
    outgoing.on('drain', drained)
    signal.addEventListener('abort', drained)
    if (signal.aborted) drained()
  })
}
