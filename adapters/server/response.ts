import type { CorsOptions } from './options.ts'

const EXPOSED = [
  'Stream-Next-Offset',
  'Stream-Earliest-Offset',
  'Stream-Cursor',
  'Stream-Up-To-Date',
  'Stream-Closed',
  'Stream-TTL',
  'Stream-Expires-At',
  'Stream-SSE-Data-Encoding',
  'Producer-Epoch',
  'Producer-Seq',
  'Producer-Expected-Seq',
  'Producer-Received-Seq',
  'ETag',
  'Location',
  'Retry-After',
].join(', ')

const ALLOWED = [
  'Authorization',
  'Content-Type',
  'If-None-Match',
  'Last-Event-ID',
  'Stream-Seq',
  'Stream-TTL',
  'Stream-Expires-At',
  'Stream-Closed',
  'Producer-Id',
  'Producer-Epoch',
  'Producer-Seq',
].join(', ')

/** Header values; those that are `undefined` are left out. */
export type HeaderValues = Readonly<Record<string, string | undefined>>

export function respond(status: number, headers: HeaderValues = {}, body: BodyInit | null = null): Response {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new Response(body, { status, headers: given })
}

/** A request that cannot be served. Its message is the body of the response. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: HeaderValues

  constructor(status: number, reason: string, headers: HeaderValues = {}) {
    super(reason)
    this.status = status
    this.headers = headers
  }

  response(): Response {
    return respond(this.status, { 'content-type': 'text/plain; charset=utf-8', ...this.headers }, `${this.message}\n`)
  }
}

/** Adds what every response has. */
export function withCommonHeaders(request: Request, response: Response, cors: CorsOptions | undefined): Response {
  const { headers } = response
  headers.set('x-content-type-options', 'nosniff')
  headers.set('cross-origin-resource-policy', cors === undefined ? 'same-origin' : 'cross-origin')
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  if (cors === undefined) return response
  if (cors.origins !== '*') headers.append('vary', 'Origin')
  const allowed = allowedOrigin(request, cors)
  if (allowed === undefined) return response
  headers.set('access-control-allow-origin', allowed)
  headers.set('access-control-expose-headers', EXPOSED)
  if (cors.credentials === true) headers.set('access-control-allow-credentials', 'true')
  return response
}

/** Answers a preflight. */
export function preflight(): Response {
  return respond(204, {
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE, OPTIONS',
    'access-control-allow-headers': ALLOWED,
    'access-control-max-age': '86400',
  })
}

function allowedOrigin(request: Request, { origins }: CorsOptions): string | undefined {
  if (origins === '*') return '*'
  const origin = request.headers.get('origin')
  return origin !== null && origins.includes(origin) ? origin : undefined
}

/** Whether a request comes from a page that may not send it: another origin, which is not listed. */
export function isForeign(request: Request, origins: '*' | readonly string[]): boolean {
  const origin = request.headers.get('origin')
  if (origin === null || origins === '*' || origins.includes(origin)) return false
  // Behind a proxy that ends TLS, the scheme of the request differs from that of the page.
  const { host } = new URL(request.url)
  return hostOf(origin) !== (request.headers.get('host') ?? host)
}

/** The origin of a sandboxed page is the text `null`. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
