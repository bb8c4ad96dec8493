import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Visit } from './scenario.ts'

/** Starts an event stream. The headers forbid compression by a proxy, which would delay the events. */
export function beginEventStream(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'content-encoding': 'identity',
    ...headers,
  })
  response.flushHeaders()
}

/** Writes as fast as the client reads. Resolves with whether the client is still connected. */
export async function write(response: ServerResponse, text: string | Uint8Array): Promise<boolean> {
  if (response.destroyed) return false
  if (!response.write(text)) {
    const settled = new AbortController()
    const { signal } = settled
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
    settled.abort()
    await turn()
  }
  return !response.destroyed
}

/** Yields to the event loop. Loopback buffers hold megabytes and drain without a turn of the loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The last event id of a request: from the header, or from the query for the native engine. */
export function lastEventId({ request, query }: Pick<Visit, 'request' | 'query'>): string | undefined {
  const header = request.headers['last-event-id']
  const raw = typeof header === 'string' ? utf8.decode(Uint8Array.from(header, byteAt)) : undefined
  return raw ?? query.get('lastEventId') ?? undefined
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Node decodes headers as Latin-1: each character is one byte. */
function byteAt(character: string): number {
  return character.charCodeAt(0)
}

/** Tells the client to stop reconnecting. */
export function noContent(response: ServerResponse): void {
  response.writeHead(204).end()
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
