import type { AttemptContext } from '../attempt.ts'
import { messageOf, WireError } from '../errors.ts'
import { isSearchParams } from '../host-object.ts'
import { baseUrl } from '../platform/globals.ts'
import { freezeContext, type Provider, parseOrFail, provide } from '../provider.ts'
import { requireOneOf, requireOrigins } from '../validate.ts'

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
    const context = freezeContext(session)
    const [target, headersInit, body] = await Promise.all([
      provide('url', url, context),
      provide('headers', options.headers ?? {}, context),
      provide('body', options.body ?? null, context),
    ])
    const headers = parseOrFail('headers', () => new Headers(headersInit))
    if (options.json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
    const request: ResolvedRequest = {
      method: requestMethod(options),
      url: parseOrFail('url', () => withQuery(new URL(target, baseUrl()), options.query).href),
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

/** What a parameter of an address may be. Of `null` and `undefined` nothing is sent. */
export type QueryValue = string | number | boolean | null | undefined

/** What is added to the query of a url: an array repeats its name; `null` and `undefined` are left out. */
export type Query = URLSearchParams | Readonly<Record<string, QueryValue | readonly QueryValue[]>>

/** @throws TypeError for what names nothing: a string would be taken apart into its characters. */
export function requireQuery(query: unknown): void {
  if (query === undefined || (typeof query === 'object' && query !== null && !Array.isArray(query))) return
  throw new TypeError('query must be an object or URLSearchParams; what is a text already belongs into the url')
}

/** A url with more in its query than before. */
export function withQuery(url: URL, query: Query | undefined): URL {
  if (query === undefined) return url
  const result = new URL(url)
  for (const [name, value] of pairs(query)) result.searchParams.append(name, value)
  return result
}

function* pairs(query: Query): Iterable<[string, string]> {
  if (isSearchParams(query)) {
    yield* query
    return
  }
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) yield [name, String(each)]
    }
  }
}

// RFC 9110 §11: what says who somebody is.
const CREDENTIAL_HEADERS = ['authorization', 'proxy-authorization', 'cookie']

/** A request, as far as it says who somebody is, and to whom. */
interface Introduction {
  readonly url: string
  readonly headers: Headers
  readonly credentials: RequestCredentials
  readonly user?: string | undefined
}

/**
 * Keeps credentials where they were given to. A url that is computed for each attempt may lead to another origin
 * than the first, by mistake or by somebody's doing.
 *
 * @param allowed Origins that may be given the credentials as well.
 * @returns A check of each request of one subscription. It throws a `WireError` that is final.
 */
export function credentialGuard(allowed: readonly string[] = []): (request: Introduction) => void {
  let home: string | undefined
  return (request) => {
    const { origin } = new URL(request.url)
    home ??= origin
    if (origin === home || allowed.includes(origin) || !hasCredentials(request)) return
    throw new WireError(
      'network',
      `${shownUrl(request)} is of another origin than the first attempt (${home}), and the request has credentials. ` +
        `If they may go there, say so: credentialOrigins: ['${origin}'].`,
    )
  }
}

function hasCredentials({ headers, credentials, user }: Introduction): boolean {
  return credentials === 'include' || user !== undefined || CREDENTIAL_HEADERS.some((name) => headers.has(name))
}

/** A url as messages show it: queries carry tokens, and messages end up in logs. */
export function shownUrl({ url }: { readonly url: string }): string {
  return url.replace(/[?#].*$/s, '')
}
