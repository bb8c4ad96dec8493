import type { ServerResponse } from 'node:http'

/** Starts a body that is read while it arrives. The headers forbid type sniffing, compression and caching. */
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
