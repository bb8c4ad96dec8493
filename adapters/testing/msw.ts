import type { FakeImplementations } from './browser/tab.ts'
import type { FakeNetwork } from './fake-network.ts'

/** The part of msw 3 that {@link toMsw} uses. */
export interface Msw<H, W> {
  readonly http: {
    all(path: string, resolver: (info: { readonly request: Request }) => Promise<Response | undefined>): H
  }
  readonly ws: {
    link(url: string): { addEventListener(type: 'connection', listener: (connection: MswConnection) => void): W }
  }
}

/** The part of a socket of msw that {@link toMsw} uses. */
export interface MswConnection {
  readonly client: {
    readonly url: URL
    send(data: string | ArrayBuffer): void
    close(code?: number, reason?: string): void
    addEventListener(type: 'message', listener: (event: { readonly data: string | Blob | BufferSource }) => void): void
    addEventListener(type: 'close', listener: () => void): void
  }
  readonly info: { readonly protocols: string | string[] | undefined }
}

/**
 * Returns handlers for msw 3, so that code which msw intercepts talks to a fake network. Requests and sockets without a
 * route are left to other handlers.
 *
 * @param msw `http` and `ws` of msw.
 *
 * @example
 * ```ts
 * import { http, ws } from 'msw'
 * import { setupServer } from 'msw/node'
 * import { fakeNetwork, toMsw } from 'rxwire/testing'
 *
 * const net = fakeNetwork()
 * setupServer(...toMsw(net, { http, ws })).listen()
 * ```
 */
export function toMsw<H, W>(net: FakeNetwork, { http, ws }: Msw<H, W>): [H, W] {
  const { fetch, WebSocket } = net.implementations
  const requests = http.all('*', async ({ request }) => {
    if (!net.handles(request.method, request.url)) return undefined
    // msw turns this response into a network error.
    return fetch(request).catch(() => Response.error())
  })
  const sockets = ws.link('*').addEventListener('connection', (connection) => {
    if (net.handles('WebSocket', connection.client.url)) bridge(connection, WebSocket)
  })
  return [requests, sockets]
}

/** Connects a socket of msw with one of the fake network. */
function bridge({ client, info }: MswConnection, WebSocket: FakeImplementations['WebSocket']): void {
  const socket = new WebSocket(client.url.href, [info.protocols ?? []].flat())
  socket.binaryType = 'arraybuffer'
  // The client may send before the fake network has accepted the socket.
  const opened = new Promise<void>((resolve) => {
    socket.onopen = () => resolve()
  })
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => client.send(data)
  socket.onclose = ({ code, reason, wasClean }: CloseEvent) => {
    if (wasClean) client.close(code, reason)
    // msw cannot drop a connection. This code tells the client about an error of the server.
    else client.close(1011, 'connection lost')
  }
  client.addEventListener('message', ({ data }) => opened.then(() => socket.send(data)))
  client.addEventListener('close', () => socket.close())
}
