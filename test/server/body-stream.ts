import type { ServerResponse } from 'node:http'

/** Begins a body that is to be read while it arrives: nothing may guess at its type, compress it or keep it. */
export function beginBody(response: ServerResponse, type: string, headers: Record<string, string | number> = {}): void {
  response.writeHead(200, {
    'content-type': type,
    'content-encoding': 'identity',
    'cache-control': 'no-store, no-transform',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.flushHeaders()
}
