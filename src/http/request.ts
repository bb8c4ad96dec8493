import { addressOf, parseAddress } from '../address.ts'
import { provide, type WaitingAttempt } from '../engine/provide.ts'
import { WireError } from '../errors.ts'
import { isSearchParams } from '../host-object.ts'
import type { RepeatOptions } from '../policy/retry-policy.ts'
import { type Provider, parseOrFail } from '../provider.ts'
import { requireOneOf, requireOrigins } from '../validate.ts'
import type { SourceMemory } from '../wire-memory.ts'
import { type BaseUrlOptions, baseOf } from './base-url.ts'
import { invalidHeaderOf } from './diagnostics/invalid-header.ts'
import { hintUnknownOptions } from './diagnostics/unknown-options.ts'

/** The options that the HTTP transports share. */
export interface RequestOptions extends BaseUrlOptions {
  /** The method. Default `GET`. Only idempotent methods are repeated automatically (RFC 9110 §9.2.2). */
  readonly method?: string | undefined
  /** Added to the query of the URL. An array repeats its name; `undefined` and `null` are omitted. Default: none. */
  readonly query?: Query | undefined
  /** Sent with each attempt. A function is called for each attempt, for example to refresh a token. Default: none. */
  readonly headers?: Provider<HeadersInit> | undefined
  /**
   * The body, or a function that returns it for each attempt. Default: none. A request with a stream is retried only if
   * a function returns the stream.
   */
  readonly body?: Provider<BodyInit | null> | undefined
  /** A value to send as JSON, instead of a body. Default: none. */
  readonly json?: unknown
  /**
   * Whether cookies are sent. Default `'same-origin'`. With `'include'`, another origin must respond with
   * `Access-Control-Allow-Credentials: true`.
   */
  readonly credentials?: RequestCredentials | undefined
  /**
   * Further origins that may receive the credentials (cookies, and every header that CORS does not allow to any origin,
   * such as `authorization` and `x-api-key`), in addition to that of `baseUrl`, or of the first attempt. Default: none. A URL
   * with another origin fails the wire if the request has credentials.
   */
  readonly credentialOrigins?: readonly string[] | undefined
}

/** Credentials that are neither headers nor cookies. */
export interface HttpAuthentication {
  /** The user name for HTTP authentication. Default: none. */
  readonly user?: string | undefined
  /** The password for HTTP authentication. Default: none. */
  readonly password?: string | undefined
}

/** The request of one attempt, with the results of all providers. */
export interface ResolvedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: BodyInit | null
  readonly credentials: RequestCredentials
}

/** Creates the request of one attempt. `change` may add to it. */
export type MakeRequest = (
  attempt: WaitingAttempt,
  change?: (request: ResolvedRequest) => ResolvedRequest,
) => Promise<ResolvedRequest>

/** Returns a function that calls the providers and resolves the URL for each attempt. */
export function requestMaker(
  url: Provider<string | URL>,
  options: RequestOptions & HttpAuthentication & Pick<RepeatOptions, 'idempotencyKey'>,
  memory: SourceMemory,
): MakeRequest {
  const guard = credentialGuard(memory, options)
  return async (attempt, change) => {
    const [target, headersInit, body] = await Promise.all([
      provide('url', url, attempt),
      provide('headers', options.headers ?? {}, attempt),
      provide('body', options.body ?? null, attempt),
    ])
    parseOrFail('body', () => requireBody(body))
    const headers = parseOrFail('headers', () => requireHeaders(headersInit))
    const address = parseOrFail('url', () => parseAddress('url', target, baseOf(options)))
    const request: ResolvedRequest = {
      method: requestMethod(options),
      url: parseOrFail('query', () => withQuery(address, options.query).href),
      headers,
      body: options.json === undefined ? body : parseOrFail('json', () => jsonText(options.json)),
      credentials: options.credentials ?? 'same-origin',
    }
    parseOrFail('request', () => checkRequest(request))
    const credentialed = { ...request, headers: new Headers(headers), user: options.user ?? options.password }
    guard(credentialed)
    // After the check: these are headers of the library.
    if (options.json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
    const changed = change?.(request) ?? request
    guard({ ...credentialed, url: changed.url })
    return changed
  }
}

/**
 * Lets the host check the method, its body and the credentials mode. `fetch` would reject like after a lost connection.
 *
 * @throws TypeError of the host.
 */
function checkRequest({ method, url, body, credentials }: ResolvedRequest): void {
  if (typeof Request === 'function') new Request(url, { method, credentials, body: body && '' })
}

function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError(`json must not be of the type ${typeof value}`)
  return text
}

/** Returns the method in upper case. Default `GET`. */
export function requestMethod(options: RequestOptions): string {
  return (options.method ?? 'GET').toUpperCase()
}

/** @throws TypeError if the options do not describe a valid request. */
export function requireRequestOptions(options: RequestOptions): void {
  hintUnknownOptions(options)
  const method = requestMethod(options)
  // [spec] RFC 9110 §5.6.2: a token. Fetch §2.2.1 forbids the three methods to scripts.
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(method) || ['CONNECT', 'TRACE', 'TRACK'].includes(method)) {
    throw new TypeError(`method must be an HTTP method that scripts may use, got "${options.method}"`)
  }
  requireOneOf('credentials', options.credentials, ['omit', 'same-origin', 'include'])
  if (options.body != null && options.json !== undefined) throw new TypeError('body and json are mutually exclusive')
  const hasBody = options.body != null || options.json !== undefined
  if (hasBody && ['GET', 'HEAD'].includes(method)) {
    throw new TypeError(`${options.json === undefined ? 'body' : 'json'} needs a method with a body, such as POST`)
  }
  if (typeof options.body !== 'function') requireBody(options.body)
  if (typeof options.headers === 'object') requireHeaders(options.headers)
  requireQuery(options.query)
  requireOrigins('credentialOrigins', options.credentialOrigins)
}

/**
 * [spec] Fetch, "extract a body": a host sends the text of any other value, such as `[object Object]`.
 *
 * @throws TypeError if a body is a value that `json` is for.
 */
function requireBody(body: unknown): void {
  if (body === undefined || body === null || typeof body === 'string') return
  if (typeof body === 'object' && !isData(body)) return
  throw new TypeError(`body must not be of the type ${typeof body}. Use json for data`)
}

/** Whether a value is an array, a promise or a plain object, also of another realm. */
function isData(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  return isPlain || Array.isArray(value) || 'then' in value
}

/**
 * Parses headers.
 *
 * @throws TypeError if they are invalid. It names the header and does not show its value, which may be a secret.
 */
export function requireHeaders(init: HeadersInit): Headers {
  try {
    return new Headers(init)
  } catch {
    throw new TypeError(`headers must be valid${invalidHeaderOf(init)}`)
  }
}

/** The value of a query parameter. `null` and `undefined` are omitted. */
export type QueryValue = string | number | boolean | null | undefined

/** Parameters for the query of a URL. An array repeats its name; `null` and `undefined` are omitted. */
export type Query = URLSearchParams | Readonly<Record<string, QueryValue | readonly QueryValue[]>>

/** @throws TypeError if the query is not an object. A string would be split into its characters. */
function requireQuery(query: unknown): void {
  if (query === undefined || (typeof query === 'object' && query !== null && !Array.isArray(query))) return
  throw new TypeError('query must be an object or URLSearchParams. Put a query string into the URL instead.')
}

/** Adds parameters to the query of a URL. */
export function withQuery(url: URL, query: Query | undefined): URL {
  if (query === undefined) return url
  const result = new URL(url)
  for (const [name, value] of queryPairs(query)) result.searchParams.append(name, value)
  return result
}

function* queryPairs(query: Query): Iterable<[string, string]> {
  if (isSearchParams(query)) {
    yield* query
    return
  }
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) yield [name, String(item)]
    }
  }
}

// [spec] Fetch §2.2.2: the headers that a page may send to any origin. Any other header of the caller may carry a secret
// (`authorization`, `x-api-key`, `apikey`, a header of the application).
const SAFE_HEADERS: readonly string[] = ['accept', 'accept-language', 'content-language', 'content-type', 'range']

/** The parts of a request that may carry credentials, and its URL. */
interface CredentialedRequest {
  readonly url: string
  readonly headers: Headers
  readonly credentials: RequestCredentials
  readonly user?: string | undefined
}

/**
 * Keeps credentials at the origin of `baseUrl`, or of the first attempt. A URL that is computed for each attempt may have
 * another origin, by mistake or through an attack.
 *
 * @param memory Remembers the origin of the first attempt.
 * @param options May name further origins that may receive the credentials.
 * @returns A check for each request. It throws a final `WireError`.
 */
export function credentialGuard(
  memory: SourceMemory,
  options: GuardOptions = {},
): (request: CredentialedRequest) => void {
  const guard = originGuard(memory, options)
  return (request) => guard(request.url, hasCredentials(request))
}

/** Checks the URL of one attempt. It throws a final `WireError` if credentials would leave their origin. */
export type OriginGuard = (url: string, hasCredentials: boolean) => void

type GuardOptions = BaseUrlOptions & Pick<RequestOptions, 'credentialOrigins'>

/** Returns the check that {@link credentialGuard} applies to a request. */
export function originGuard(
  memory: SourceMemory,
  { baseUrl, credentialOrigins: allowed = [] }: GuardOptions,
  originOf: (url: string) => string = (url) => new URL(url).origin,
): OriginGuard {
  return (url, hasCredentials) => {
    const origin = originOf(url)
    memory.homeOrigin ??= baseUrl === undefined ? origin : originOf(baseOf({ baseUrl }) ?? url)
    const home = memory.homeOrigin
    if (origin === home || allowed.includes(origin) || !hasCredentials) return
    throw new WireError(
      'network',
      `${addressOf(url)} has another origin than ${baseUrl === undefined ? 'the first attempt' : 'baseUrl'} (${home}), and the request has credentials. ` +
        `To allow it, pass credentialOrigins: ['${origin}'].`,
    )
  }
}

function hasCredentials({ headers, credentials, user }: CredentialedRequest): boolean {
  return (
    credentials === 'include' || user !== undefined || [...headers.keys()].some((name) => !SAFE_HEADERS.includes(name))
  )
}

/** Returns the URL of a request for messages. */
export function shownUrl({ url }: { readonly url: string }): string {
  return addressOf(url)
}

/** Sets the header that tells a server where to resume, if there is such a point. */
export function setLastEventId(headers: Headers, cursor: string | undefined): void {
  if (!cursor) return
  // [spec] HTML §9.2.4: sent as UTF-8, where a header value is a string of bytes.
  let bytes = ''
  for (const byte of new TextEncoder().encode(cursor)) bytes += String.fromCharCode(byte)
  headers.set('last-event-id', bytes)
}
