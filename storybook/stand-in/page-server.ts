import type { IncomingMessage } from 'node:http'
import { Lab } from '../../test/server/lab.ts'
import { countWhileOpen, noteCaller } from '../../test/server/note-caller.ts'
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
import { PageProxy, proxyAt } from './node/proxy.ts'
import { PageResponse } from './page-response.ts'
import { PageSocket } from './page-socket.ts'

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

const lab = new Lab()
const withoutProxy = new PageProxy(0)
let isInstalled = false

/** Lets the demo server's own routes answer within the page, to whoever uses the page's `fetch` and `WebSocket`. */
export function installPageServer(): void {
  if (isInstalled) return
  isInstalled = true
  const hostFetch = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const asked = typeof input === 'string' ? addressIn(input) : undefined
    const route = routes.find(({ path }) => PREFIX + path === asked?.url.pathname)
    return asked === undefined || route === undefined ? hostFetch(input, init) : answer(route, asked, init)
  }
  globalThis.WebSocket = new Proxy(WebSocket, {
    construct: (Host, [url, protocols]: [string, string[] | undefined]) => {
      const asked = addressIn(url)
      const route = socketRoutes.find(({ path }) => PREFIX + path === asked?.url.pathname)
      return asked === undefined || route === undefined ? new Host(url, protocols) : converse(route, asked)
    },
  })
}

interface Address {
  readonly url: URL
  readonly proxy: PageProxy
}

/** What an address of the demo server means: the page's own origin, or a proxy in front of it. */
function addressIn(text: string): Address | undefined {
  const url = new URL(text, location.href)
  const proxy = url.host === location.host ? withoutProxy : proxyAt(Number(url.port))
  return proxy && { url, proxy }
}

function answer(route: Scenario, { url, proxy }: Address, init: RequestInit = {}): Promise<Response> {
  const link = proxy.connect(() => response.destroy())
  if (link === undefined) return Promise.reject(new TypeError('Failed to fetch'))
  const response = new PageResponse(link)
  const { signal, method = 'GET', headers, body } = init
  const leave = () => response.destroy(signal?.reason)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave)
  const socket = { resetAndDestroy: () => link.cut() }
  const request = requestOf(url, { method, headers: Object.fromEntries(new Headers(headers)), socket })
  link.pass(async () => {
    const text = typeof body === 'string' ? body : ''
    if (labRoutes.includes(route)) {
      const query = url.searchParams
      await route.serve(standIn({ request, response, query, key: query.get('key') ?? 'nobody', lab, body: text }))
    } else {
      const caller = noteCaller(route.path, request, lab, text)
      countWhileOpen(lab.of(caller.key), response)
      await route.serve(standIn({ ...caller, response, body: text }))
    }
  })
  return response.answer
}

function converse(route: SocketScenario, { url, proxy }: Address): PageSocket {
  const socket = new PageSocket(url.href)
  // A constructor returns before anything can happen.
  setTimeout(() =>
    socket.open(
      (onCut) => proxy.connect(onCut),
      () => {
        const caller = noteCaller(route.path, requestOf(url, { headers: {} }), lab)
        const otherEnd = socket.otherEnd()
        countWhileOpen(lab.of(caller.key), otherEnd)
        route.serve(standIn({ ...caller, socket: otherEnd }))
      },
    ),
  )
  return socket
}

function requestOf(url: URL, what: object): IncomingMessage {
  return standIn({ ...what, url: url.pathname + url.search })
}

/** What stands in for something of Node's has as much of it as the routes above use. Their stories are the test of it. */
function standIn<T>(part: object): T {
  return part as T
}
