import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Lab } from './lab.ts'
import { countWhileOpen, noteCaller } from './note-caller.ts'
import { authorized } from './routes/authorized.ts'
import { beacon } from './routes/beacon.ts'
import { bytes } from './routes/bytes.ts'
import { cached } from './routes/cached.ts'
import { comments } from './routes/comments.ts'
import { dropMidEvent } from './routes/drop-mid-event.ts'
import { durableNumbers } from './routes/durable-numbers.ts'
import { feed } from './routes/feed.ts'
import { fuzz } from './routes/fuzz.ts'
import { gzip } from './routes/gzip.ts'
import { held } from './routes/held.ts'
import { html } from './routes/html.ts'
import { httpCors } from './routes/http-cors.ts'
import { httpDownload } from './routes/http-download.ts'
import { httpEcho } from './routes/http-echo.ts'
import { httpEmpty } from './routes/http-empty.ts'
import { httpHeld } from './routes/http-held.ts'
import { httpJson } from './routes/http-json.ts'
import { httpMoved } from './routes/http-moved.ts'
import { httpParts } from './routes/http-parts.ts'
import { httpRange } from './routes/http-range.ts'
import { httpStatus } from './routes/http-status.ts'
import { httpText } from './routes/http-text.ts'
import { hugeLine } from './routes/huge-line.ts'
import { jsonpAnswer } from './routes/jsonp-answer.ts'
import { jsonpBroken } from './routes/jsonp-broken.ts'
import { jsonpEvil } from './routes/jsonp-evil.ts'
import { jsonpNoCall } from './routes/jsonp-no-call.ts'
import { labRoutes } from './routes/lab.ts'
import { log } from './routes/log.ts'
import { longPollChat } from './routes/long-poll-chat.ts'
import { longPollFeed } from './routes/long-poll-feed.ts'
import { longPollLines } from './routes/long-poll-lines.ts'
import { noContentRoute } from './routes/no-content.ts'
import { once } from './routes/once.ts'
import { pingImage } from './routes/ping-image.ts'
import { pollState } from './routes/poll-state.ts'
import { redirect } from './routes/redirect.ts'
import { rounds } from './routes/rounds.ts'
import { runs } from './routes/runs.ts'
import { silent } from './routes/silent.ts'
import { sseFirehose } from './routes/sse-firehose.ts'
import { status } from './routes/status.ts'
import { streamAnswer } from './routes/stream-answer.ts'
import { streamBytes } from './routes/stream-bytes.ts'
import { streamLines } from './routes/stream-lines.ts'
import { streamNdjson } from './routes/stream-ndjson.ts'
import { ticks } from './routes/ticks.ts'
import { trickle } from './routes/trickle.ts'
import { twoServers } from './routes/two-servers.ts'
import { unavailable } from './routes/unavailable.ts'
import { uploadDigest } from './routes/upload-digest.ts'
import { uploadOffsets } from './routes/upload-offsets.ts'
import { uploadPlain } from './routes/upload-plain.ts'
import { uploadTus } from './routes/upload-tus.ts'
import { PREFIX, type Scenario } from './scenario.ts'
import { createUpgradeHandler, refuseUpgrade } from './sockets.ts'

// Enough for the bodies that tests inspect. Uploads are not kept.
const SEEN_BODY_BYTES = 64 * 1024

const scenarios: readonly Scenario[] = [
  feed,
  ticks,
  once,
  held,
  dropMidEvent,
  trickle,
  unavailable,
  noContentRoute,
  redirect,
  html,
  rounds,
  silent,
  status,
  authorized,
  comments,
  hugeLine,
  gzip,
  bytes,
  cached,
  sseFirehose,
  httpJson,
  httpEcho,
  httpDownload,
  httpParts,
  httpRange,
  httpStatus,
  httpEmpty,
  httpHeld,
  httpText,
  httpCors,
  streamAnswer,
  streamLines,
  streamNdjson,
  streamBytes,
  pollState,
  longPollFeed,
  longPollChat,
  uploadTus,
  uploadPlain,
  uploadOffsets,
  uploadDigest,
  longPollLines,
  durableNumbers,
  jsonpAnswer,
  jsonpEvil,
  jsonpNoCall,
  jsonpBroken,
  pingImage,
  beacon,
  httpMoved,
  fuzz,
  log,
  twoServers,
  runs,
  ...labRoutes,
]

/** Serves the scenarios under `/wire`. Passes all other requests to `next`, if it is given. */
export type ScenarioHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void

/** Creates the handler for the test server. Storybook mounts it into its own server, too. */
export function createScenarioHandler(lab: Lab): ScenarioHandler {
  return (request, response, next) => {
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    const scenario = scenarioAt(url?.pathname ?? '')
    if (url === null || scenario === undefined) {
      if (next !== undefined) next()
      else response.writeHead(url === null ? 400 : 404).end()
      return
    }
    if (!scenario.answersPreflight) {
      allowOtherOrigins(request, response)
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end()
        return
      }
    }
    serve(scenario, request, response, url.searchParams, lab).catch((error: unknown) =>
      response.destroy(error as Error),
    )
  }
}

const byPath = new Map(scenarios.map((scenario) => [PREFIX + scenario.path, scenario]))
const folders = scenarios.filter(({ isFolder }) => isFolder)

function scenarioAt(path: string): Scenario | undefined {
  return byPath.get(path) ?? folders.find((folder) => path.startsWith(`${PREFIX}${folder.path}/`))
}

async function serve(
  scenario: Scenario,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  lab: Lab,
): Promise<void> {
  const body = scenario.readsBody ? Buffer.alloc(0) : await readBody(request)
  if (labRoutes.includes(scenario)) {
    await scenario.serve({ request, response, query, key: query.get('key') ?? 'nobody', nth: 0, lab, body })
    return
  }
  const bodyBytes = scenario.readsBody ? Number(request.headers['content-length'] ?? 0) : body.length
  const isTooMuch = scenario.readsBody || bodyBytes > SEEN_BODY_BYTES
  const caller = noteCaller(scenario.path, request, lab, isTooMuch ? `${bodyBytes} bytes` : body.toString())
  countWhileOpen(lab.of(caller.key), response)
  await scenario.serve({ ...caller, response, body })
}

/** The page under test is served from another port, so its origin differs. */
function allowOtherOrigins(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
  response.setHeader('access-control-allow-credentials', 'true')
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, HEAD')
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
  response.setHeader(
    'access-control-expose-headers',
    'x-next, retry-after, etag, content-length, content-range, content-encoding, location, upload-offset, upload-length, ' +
      'stream-next-offset, stream-cursor, stream-up-to-date, stream-closed',
  )
  response.setHeader('access-control-max-age', '600')
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A server on a port of the loopback address. */
export interface RunningServer {
  /** The base URL of the scenarios: append their path. */
  readonly url: string
  close(): Promise<void>
}

/** Starts a server on the given port or a free one. Closing it also closes the lab. */
export function startServer(port = 0, lab: Lab = new Lab()): Promise<RunningServer> {
  const server = createServer(createScenarioHandler(lab))
  const upgrade = createUpgradeHandler(lab)
  // Node no longer tracks a connection after an upgrade.
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
    if (!upgrade(request, socket, head)) refuseUpgrade(socket, 404)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      lab.port = (server.address() as AddressInfo).port
      resolve({
        url: `http://127.0.0.1:${lab.port}${PREFIX}`,
        close: async () => {
          await lab.close()
          server.closeAllConnections()
          for (const socket of upgraded) socket.destroy()
          await new Promise((closed) => server.close(closed))
        },
      })
    })
  })
}
