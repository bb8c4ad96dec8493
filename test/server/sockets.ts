import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { KeyRecord, Lab } from './lab.ts'
import { countWhileOpen, noteCaller, queryOf } from './note-caller.ts'
import { wsBadFrames } from './routes/ws-bad-frames.ts'
import { wsBurst } from './routes/ws-burst.ts'
import { wsChat } from './routes/ws-chat.ts'
import { wsCloses } from './routes/ws-closes.ts'
import { wsCommands } from './routes/ws-commands.ts'
import { wsEcho } from './routes/ws-echo.ts'
import { wsExchange } from './routes/ws-exchange.ts'
import { wsFeed } from './routes/ws-feed.ts'
import { wsFirehose } from './routes/ws-firehose.ts'
import { wsFuzz } from './routes/ws-fuzz.ts'
import { wsHeartbeat } from './routes/ws-heartbeat.ts'
import { wsHeld } from './routes/ws-held.ts'
import { wsNumbers } from './routes/ws-numbers.ts'
import { wsProtocol } from './routes/ws-protocol.ts'
import { wsRefused } from './routes/ws-refused.ts'
import { wsUnauthorized } from './routes/ws-unauthorized.ts'
import { wsUnavailable } from './routes/ws-unavailable.ts'
import { PREFIX, type SocketScenario, type SocketVisit } from './scenario.ts'

const MAX_PAYLOAD_BYTES = 128 * 1024 * 1024

const scenarios: readonly SocketScenario[] = [
  wsFeed,
  wsNumbers,
  wsHeld,
  wsEcho,
  wsCloses,
  wsUnavailable,
  wsRefused,
  wsUnauthorized,
  wsProtocol,
  wsCommands,
  wsExchange,
  wsHeartbeat,
  wsChat,
  wsBadFrames,
  wsBurst,
  wsFirehose,
  wsFuzz,
]

const byPath = new Map(scenarios.map((scenario) => [PREFIX + scenario.path, scenario]))

/** Handles upgrades to the socket scenarios. Returns false for any other upgrade, which it leaves untouched. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean

/** Creates the handler for the `upgrade` event of the test server and of Storybook's server. */
export function createUpgradeHandler(lab: Lab): UpgradeHandler {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    handleProtocols: chooseProtocol,
  })
  server.on('headers', (headers, request) => {
    // `ws` does not call `handleProtocols` if the client offers none, but a scenario may choose one anyway.
    const chosen = request.headers['sec-websocket-protocol'] === undefined && chooseProtocol(new Set(), request)
    if (chosen !== false) headers.push(`Sec-WebSocket-Protocol: ${chosen}`)
  })
  return (request, connection, head) => {
    const scenario = scenarioAt(request)
    if (scenario === undefined) return false
    const caller = noteCaller(scenario.path, request, lab)
    const { unavailable } = lab.of(caller.key)
    if (unavailable !== undefined && Date.now() < unavailable.untilMs) {
      refuseUpgrade(connection, 503, unavailable.retryAfter)
      return true
    }
    const refusal = scenario.refuse?.(caller)
    if (refusal === undefined) {
      server.handleUpgrade(request, connection, head, (socket) => serve(scenario, { ...caller, socket }))
    } else if (refusal === 'hold') hold(connection, lab.of(caller.key))
    else refuseUpgrade(connection, refusal)
    return true
  }
}

/** Refuses a handshake with a status. 503 includes a Retry-After. */
export function refuseUpgrade(connection: Duplex, status: number, retryAfter = '1'): void {
  const headers = ['connection: close', 'content-length: 0']
  if (status === 503) headers.push(`retry-after: ${retryAfter}`)
  // The client may have disconnected already.
  connection.on('error', () => connection.destroy())
  connection.once('finish', () => connection.destroy())
  connection.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n`)
}

/** Never answers a handshake. */
function hold(connection: Duplex, record: KeyRecord): void {
  countWhileOpen(record, connection)
  // The connection of an upgrade stays half-open when the client has closed it.
  for (const event of ['error', 'end']) connection.on(event, () => connection.destroy())
  connection.resume()
}

async function serve(scenario: SocketScenario, visit: SocketVisit): Promise<void> {
  const { socket } = visit
  const record = visit.lab.of(visit.key)
  countWhileOpen(record, socket)
  socket.on('message', (data: Buffer) => {
    record.receivedBytes += data.length
  })
  // A protocol error closes the socket, and `close` reports it. Without this listener it would crash the server.
  socket.on('error', () => {})
  socket.on('close', (code, reason) => {
    record.closes.push({ code, reason: reason.toString() })
  })
  try {
    await scenario.serve(visit)
  } catch (error) {
    console.error(error)
    socket.close(1011, 'the scenario failed')
  }
}

function chooseProtocol(offered: ReadonlySet<string>, request: IncomingMessage): string | false {
  const scenario = scenarioAt(request)
  if (scenario?.protocol !== undefined) return scenario.protocol(offered, queryOf(request))
  return [...offered][0] ?? false
}

/** Does not use `URL`, which throws on some request targets. */
function scenarioAt(request: IncomingMessage): SocketScenario | undefined {
  return byPath.get(request.url?.split('?')[0] ?? '')
}
