import type { IncomingMessage } from 'node:http'
import type { FakeServerSocket } from 'rxwire/testing'
import { Lab } from '../../test/server/lab.ts'
import { countWhileOpen, noteCaller, queryOf } from '../../test/server/note-caller.ts'
import { held } from '../../test/server/routes/held.ts'
import { html } from '../../test/server/routes/html.ts'
import { labRoutes } from '../../test/server/routes/lab.ts'
import { longPollChat } from '../../test/server/routes/long-poll-chat.ts'
import { noContentRoute } from '../../test/server/routes/no-content.ts'
import { pollState } from '../../test/server/routes/poll-state.ts'
import { silent } from '../../test/server/routes/silent.ts'
import { status } from '../../test/server/routes/status.ts'
import { streamAnswer } from '../../test/server/routes/stream-answer.ts'
import { ticks } from '../../test/server/routes/ticks.ts'
import { unavailable } from '../../test/server/routes/unavailable.ts'
import { wsChat } from '../../test/server/routes/ws-chat.ts'
import { wsCloses } from '../../test/server/routes/ws-closes.ts'
import { PREFIX, type Scenario, type SocketScenario } from '../../test/server/scenario.ts'
import { net } from './network.ts'
import { isProxy } from './node/proxy.ts'
import { PageResponse } from './page-response.ts'

const routes: readonly Scenario[] = [
  ticks,
  held,
  silent,
  status,
  unavailable,
  html,
  noContentRoute,
  streamAnswer,
  pollState,
  longPollChat,
  ...labRoutes,
]
const socketRoutes: readonly SocketScenario[] = [wsChat, wsCloses]
const paths = new Set([...routes, ...socketRoutes].map(({ path }) => PREFIX + path))

const lab = new Lab()
let isInstalled = false

/** Lets routes of the demo server respond within the page, to its `fetch`, `EventSource` and `WebSocket`. */
export function installPageServer(): void {
  if (isInstalled) return
  isInstalled = true
  for (const route of routes) {
    net.route('*', PREFIX + route.path, (request, { signal }) => {
      const response = new PageResponse(signal)
      serve(route, request, response).catch((error: unknown) => {
        reportError(error)
        response.destroy()
      })
      return response.sent
    })
  }
  for (const route of socketRoutes) net.socket(PREFIX + route.path, (socket) => serveSocket(route, socket))
  net.install({
    time: false,
    random: false,
    page: false,
    passThrough: ({ host, pathname }) => !paths.has(pathname) || (host !== location.host && !isProxy(host)),
  })
}

async function serve(route: Scenario, received: Request, response: PageResponse): Promise<void> {
  const body = await received.text()
  const request = requestOf(new URL(received.url), {
    method: received.method,
    headers: Object.fromEntries(received.headers),
    socket: { resetAndDestroy: () => response.destroy() },
  })
  if (labRoutes.includes(route)) {
    const query = queryOf(request)
    await route.serve(asNode({ request, response, query, key: query.get('key') ?? 'nobody', nth: 0, lab, body }))
    return
  }
  const caller = noteCaller(route.path, request, lab, body)
  countWhileOpen(lab.of(caller.key), response)
  await route.serve(asNode({ ...caller, response, body }))
}

function serveSocket(route: SocketScenario, accepted: FakeServerSocket): void {
  const caller = noteCaller(route.path, requestOf(accepted.url, { headers: {} }), lab)
  const socket = socketOf(accepted)
  countWhileOpen(lab.of(caller.key), socket)
  route.serve(asNode({ ...caller, socket }))
}

interface SocketListeners {
  message: (text: string, isBinary: boolean) => void
  close: (code: number, reason: string) => void
}

/** The server's end of a socket, with the interface of the package `ws`. */
function socketOf(accepted: FakeServerSocket) {
  const listeners: { readonly [Name in keyof SocketListeners]: SocketListeners[Name][] } = { message: [], close: [] }
  accepted.onMessage = (frame) => {
    for (const listener of listeners.message) listener(String(frame), typeof frame !== 'string')
  }
  accepted.onClose = (code, reason) => {
    for (const listener of listeners.close) listener(code, reason)
  }
  return {
    on: <Name extends keyof SocketListeners>(name: Name, listener: SocketListeners[Name]) =>
      listeners[name].push(listener),
    send: (text: string) => accepted.send(text),
    // [spec] RFC 6455 §7.4.1: 1005 stands for a close frame without a code.
    close: (code = 1005, reason = '') => accepted.close(code, reason),
    terminate: () => accepted.terminate(),
  }
}

function requestOf({ pathname, search }: URL, rest: object): IncomingMessage {
  return asNode({ ...rest, url: pathname + search })
}

/** Types an object as one of Node. It has only the parts that the routes use, which their stories test. */
function asNode<T>(part: object): T {
  return part as T
}
