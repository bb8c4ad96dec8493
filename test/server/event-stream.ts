import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Visit } from './scenario.ts'

/** Begins an event stream. Any compression in front of this server would hold its events back. */
export function beginEventStream(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'content-encoding': 'identity',
    ...headers,
  })
  response.flushHeaders()
}

/** Writes as fast as the reader reads. Returns whether there still is one. */
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

/** Lets others run. The buffers of a loopback connection take megabytes, and are drained without the loop turning once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The last event id that a client sends, in the header or, as the native engine must, in the query. */
export function lastEventId({ request, query }: Pick<Visit, 'request' | 'query'>): string | undefined {
  const header = request.headers['last-event-id']
  const raw = typeof header === 'string' ? utf8.decode(Uint8Array.from(header, byteAt)) : undefined
  return raw ?? query.get('lastEventId') ?? undefined
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** A header is handed over as bytes, each as a character. */
function byteAt(character: string): number {
  return character.charCodeAt(0)
}

/** Ends a conversation: the client completes. */
export function noContent(response: ServerResponse): void {
  response.writeHead(204).end()
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
