import { headOrCreate, type Log, type Logs } from './logs.ts'
import { type Access, type ResolvedOptions, resolveOptions, type ServeOptions } from './options.ts'
import { notFound, readLog } from './read-log.ts'
import { isForeign, preflight, Refusal, respond, withCommonHeaders } from './response.ts'
import { StoreError } from './store.ts'
import { appendToLog, createLog, stateHeaders } from './write-log.ts'

/** A web-standard request handler: for Hono, Next, Bun, Deno and Workers as it is, for Node with `toNode`. */
export type RequestHandler = (request: Request) => Promise<Response>

/** Options of `serveLogs`. */
export interface ServeLogsOptions extends ServeOptions {
  /** The path before the names. Default `/`. */
  readonly base?: string | undefined
}

/**
 * Serves one log, at any path. It is created by the first request or the first append. One URL serves Durable Streams
 * (`offset`, `live`), Server-Sent Events and NDJSON (by `Accept`), all with the same cursor.
 *
 * Malformed requests get 400, refused ones 403, and 410 those whose offset is gone. Server-Sent Events and NDJSON get an
 * event or line `gap` instead. A store that cannot be reached is 503 with `Retry-After`. An error of `authorize` rejects.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { memoryLogs, serveLog } from 'rxwire/server'
 *
 * const ticks = memoryLogs().open<{ price: number }>('ticks')
 * export const GET = serveLog(ticks, { start: 'earliest' })
 * ```
 */
export function serveLog<T>(log: Log<T>, options: ServeOptions = {}): RequestHandler {
  const resolved = resolveOptions(options, false)
  return (request) => serve(request, resolved, () => log, true)
}

/**
 * Serves all logs of a store by path, with the whole protocol of Durable Streams but forks and subscriptions. With
 * `authorize`, clients may create, append to, close and delete logs.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { memoryLogs, serveLogs } from 'rxwire/server'
 *
 * const logs = memoryLogs({ maxItems: 10_000 })
 * export const handler = serveLogs(logs, {
 *   base: '/logs',
 *   authorize: (request, { stream, action }) =>
 *     action === 'read' || request.headers.get('authorization') === `Bearer the token for ${stream}`,
 * })
 * ```
 */
export function serveLogs(logs: Logs, options: ServeLogsOptions = {}): RequestHandler {
  const resolved = resolveOptions(options, options.authorize !== undefined)
  const base = `/${options.base ?? ''}/`.replaceAll(/\/+/g, '/')
  return (request) => serve(request, resolved, () => logs.open(nameIn(request, base)), false)
}

async function serve(
  request: Request,
  options: ResolvedOptions,
  open: () => Log<unknown>,
  isOwn: boolean,
): Promise<Response> {
  const response = await answer(request, options, open, isOwn).catch((error: unknown) => {
    if (error instanceof Refusal) return error.response()
    if (!(error instanceof StoreError)) throw error
    return new Refusal(503, 'The store cannot be reached.', { 'retry-after': '1' }).response()
  })
  return withCommonHeaders(request, response, options.cors)
}

async function answer(
  request: Request,
  options: ResolvedOptions,
  open: () => Log<unknown>,
  isOwn: boolean,
): Promise<Response> {
  const { method } = request
  if (method === 'OPTIONS') return preflight()
  const action = ACTIONS[method]
  if (action === undefined || (action !== 'read' && !options.writable)) {
    const allow = options.writable ? 'GET, HEAD, PUT, POST, DELETE, OPTIONS' : 'GET, HEAD, OPTIONS'
    throw new Refusal(405, `${method} is not served here.`, { allow })
  }
  if (action !== 'read' && isForeign(request, options.cors?.origins ?? [])) {
    throw new Refusal(403, 'Pages of this origin may not write.')
  }
  const log = open()
  const access = { stream: log.name, action }
  const refused = await refusal(request, access, options)
  if (refused !== undefined) return refused
  if (isOwn && action !== 'delete') await headOrCreate(log)
  switch (method) {
    case 'GET':
      return readLog(log, request, options, async () => (await refusal(request, access, options)) === undefined)
    case 'HEAD':
      return headOfLog(log)
    case 'PUT':
      return createLog(log, request, options.maxBodyBytes)
    case 'POST':
      return appendToLog(log, request, options.maxBodyBytes)
    default:
      if (!(await log.delete())) throw notFound()
      return respond(204)
  }
}

const ACTIONS: Readonly<Record<string, Access['action']>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'create',
  POST: 'append',
  DELETE: 'delete',
}

/** Returns the response to a request that is not authorized; `undefined` if it is. */
export async function refusal(
  request: Request,
  access: Access,
  { authorize }: Pick<ResolvedOptions, 'authorize'>,
): Promise<Response | undefined> {
  const verdict = authorize === undefined || (await authorize(request, access))
  // The headers of a response that a framework has made may be immutable.
  if (verdict instanceof Response) return new Response(verdict.body, verdict)
  return verdict === true ? undefined : new Refusal(403, 'The request is not authorized.').response()
}

async function headOfLog(log: Log<unknown>): Promise<Response> {
  const head = await log.store.head(log.name)
  if (head === undefined) throw notFound()
  const { contentType, ttlSeconds, expiresAtMs } = head
  return respond(200, {
    ...stateHeaders(head),
    'content-type': contentType,
    'stream-ttl': ttlSeconds?.toString(),
    'stream-expires-at': expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString(),
  })
}

const MAX_NAME_LENGTH = 512

/** Returns the name of the log in the path of a request. */
function nameIn(request: Request, base: string): string {
  const { pathname } = new URL(request.url)
  if (!pathname.startsWith(base)) throw notFound()
  let name: string
  try {
    name = decodeURIComponent(pathname.slice(base.length))
  } catch {
    throw new Refusal(400, 'The path is not UTF-8.')
  }
  const isValid = name !== '' && name.length <= MAX_NAME_LENGTH && !/\p{Cc}|(^|\/)\.{0,2}(\/|$)/u.test(name)
  if (!isValid) throw new Refusal(400, `The name of a log has 1 to ${MAX_NAME_LENGTH} characters, and no empty part.`)
  return name
}
