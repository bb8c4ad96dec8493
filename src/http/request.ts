import type { AttemptContext } from '../attempt.ts'
import { messageOf } from '../errors.ts'
import { baseUrl } from '../platform/origin.ts'
import { requireOneOf, requireOrigins } from '../validate.ts'
import { credentialGuard } from './credential-guard.ts'
import { type Provider, provide, snapshotOf, usable } from './provider.ts'
import { type Query, requireQuery, withQuery } from './query.ts'

/** What the transports over HTTP have in common. */
export interface RequestOptions {
  /** Default `GET`. Only idempotent methods are repeated by themselves (RFC 9110 §9.2.2). */
  readonly method?: string | undefined
  /** Added to the query of the url: an array repeats its name, `undefined` and `null` are left out. */
  readonly query?: Query | undefined
  /** Sent with each attempt. A function is asked anew each time: the place for a token that expires. */
  readonly headers?: Provider<HeadersInit> | undefined
  /** The body, or a function that makes one for each attempt: with a stream, only that can be tried again. */
  readonly body?: Provider<BodyInit | null> | undefined
  /** A value to be sent as JSON, instead of a body. */
  readonly json?: unknown
  /**
   * Whether cookies travel. Default `'same-origin'`. With `'include'`, another origin must answer with
   * `Access-Control-Allow-Credentials: true`.
   */
  readonly credentials?: RequestCredentials | undefined
  /**
   * Origins beside that of the first attempt which may be given the credentials (`authorization`, cookies).
   * Default: none; a computed url that leads elsewhere fails the wire instead.
   */
  readonly credentialOrigins?: readonly string[] | undefined
}

/** Who is asking, where that is neither a header nor a cookie. */
export interface HttpAuthentication {
  /** For HTTP authentication. */
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** One attempt's request, with every provider asked. */
export interface ResolvedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: BodyInit | null
  readonly credentials: RequestCredentials
}

/** Makes the request of one attempt. Make a maker for each subscription: it knows where the first one went. */
export type MakeRequest = (session: AttemptContext) => Promise<ResolvedRequest>

/** Asks the providers and resolves the url, anew for each attempt. */
export function requestMaker(url: Provider<string | URL>, options: RequestOptions & HttpAuthentication): MakeRequest {
  const guard = credentialGuard(options.credentialOrigins)
  return async (session) => {
    const context = snapshotOf(session)
    const [target, headersInit, body] = await Promise.all([
      provide('url', url, context),
      provide('headers', options.headers ?? {}, context),
      provide('body', options.body ?? null, context),
    ])
    const headers = usable('headers', () => new Headers(headersInit))
    if (options.json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
    const request: ResolvedRequest = {
      method: requestMethod(options),
      url: usable('url', () => withQuery(new URL(target, baseUrl()), options.query).href),
      headers,
      body: options.json === undefined ? body : JSON.stringify(options.json),
      credentials: options.credentials ?? 'same-origin',
    }
    guard({ ...request, user: options.user ?? options.password })
    return request
  }
}

/** The method in capitals, as the table of what may be repeated has it. */
export function requestMethod(options: RequestOptions): string {
  return (options.method ?? 'GET').toUpperCase()
}

/** Refuses at the call what no request can be made of. */
export function requireRequestOptions(options: RequestOptions): void {
  const method = requestMethod(options)
  // RFC 9110 §5.6.2: a token. The three are forbidden to scripts by the Fetch Standard.
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(method) || ['CONNECT', 'TRACE', 'TRACK'].includes(method)) {
    throw new TypeError(`method must be one that a script may use, not "${options.method}"`)
  }
  requireOneOf('credentials', options.credentials, ['omit', 'same-origin', 'include'])
  if (options.body != null && options.json !== undefined) throw new TypeError('body and json exclude each other')
  const hasBody = options.body != null || options.json !== undefined
  if (hasBody && ['GET', 'HEAD'].includes(method)) {
    throw new TypeError(`${options.json === undefined ? 'body' : 'json'} needs a method that has one, such as POST`)
  }
  if (typeof options.headers === 'object') requireHeaders(options.headers)
  requireQuery(options.query)
  requireOrigins('credentialOrigins', options.credentialOrigins)
}

/** The headers that are given at the call. */
export function requireHeaders(headers: HeadersInit): Headers {
  try {
    return new Headers(headers)
  } catch (cause) {
    throw new TypeError(`headers are of no use: ${messageOf(cause)}`, { cause })
  }
}
