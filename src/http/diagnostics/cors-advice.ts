import { isBlob, isStream } from '../../host-object.ts'
import type { ResolvedRequest } from '../request.ts'

// [spec] Fetch §2.2: CORS-safelisted methods and headers may be sent to another origin without a preflight.
const SIMPLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST'])
const LANGUAGE = /^[\da-z *,.;=-]*$/i
const SIMPLE_HEADERS: ReadonlyMap<string, RegExp> = new Map([
  ['accept', /^[^"():<>?@[\\\]{}]*$/],
  ['accept-language', LANGUAGE],
  ['content-language', LANGUAGE],
  [
    'content-type',
    /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(?:;[^"():<>?@[\\\]{}]*)?$/i,
  ],
  ['range', /^bytes=\d+-\d*$/],
])
const SIMPLE_LENGTH = 128

// Pages talk to a few origins. A limit keeps one that makes up origins from filling the memory.
const MAX_READABLE = 100

/** For each origin that has sent a readable response: the methods of its requests. */
const readable = new Map<string, Set<string>>()

/** Notes that the page may read the response to such a request, so that CORS is not the cause of a later failure. */
export function noteReadable({ url, method }: ResolvedRequest): void {
  const { origin } = new URL(url)
  const methods = readable.get(origin)
  if (methods !== undefined) methods.add(method)
  else if (readable.size < MAX_READABLE) readable.set(origin, new Set([method]))
}

/**
 * Returns what to check after a request to another origin, as sentences; an empty text for the origin of the page, and
 * for an origin that has answered such a request.
 */
export function crossOriginAdvice(request: ResolvedRequest, page: string | undefined, listensToUpload = false): string {
  const { origin } = new URL(request.url)
  const isForeign = page !== undefined && origin !== page && readable.get(origin)?.has(request.method) !== true
  return isForeign ? ` The URL has another origin. ${corsAdvice(request, page, listensToUpload)}` : ''
}

/**
 * Returns which headers a server of another origin must send so that a page may send this request and read its
 * response. Browsers hide from scripts which header is missing, but the request shows which ones it needs.
 *
 * @param origin The origin of the page.
 * @param listensToUpload Whether the XHR has upload listeners, which cause a preflight.
 */
export function corsAdvice(request: ResolvedRequest, origin: string, listensToUpload = false): string {
  const { method, body, credentials } = request
  const hasCredentials = credentials === 'include'
  const response = hasCredentials
    ? `Access-Control-Allow-Origin: ${origin} (with credentials, not *) and Access-Control-Allow-Credentials: true`
    : `Access-Control-Allow-Origin: ${origin} (or *)`
  const names = [...sentHeaders(request)].flatMap(([name, value]) => (isSimple(name, value) ? [] : [name])).join(', ')
  const allowed = [
    ...(SIMPLE_METHODS.has(method) ? [] : [`Access-Control-Allow-Methods: ${method}`]),
    ...(names === '' ? [] : [`Access-Control-Allow-Headers: ${names}`]),
  ].join(' and ')
  // [spec] Upload listeners and stream bodies also cause a preflight, though no method or header needs permission.
  const needsPreflight = allowed !== '' || listensToUpload || isStream(body)
  const required = allowed === '' ? '2xx' : `2xx and ${allowed}`
  const preflight = ` The browser sends a preflight: the server must respond to OPTIONS with ${required}.`
  return `CORS may be the cause. The response needs ${response}.${needsPreflight ? preflight : ''}`
}

/** Returns the headers as sent: a Blob adds its content type, unless a header sets it. */
function sentHeaders({ headers, body }: ResolvedRequest): Headers {
  if (!isBlob(body) || body.type === '' || headers.has('content-type')) return headers
  const sent = new Headers(headers)
  sent.set('content-type', body.type)
  return sent
}

function isSimple(name: string, value: string): boolean {
  return value.length <= SIMPLE_LENGTH && (SIMPLE_HEADERS.get(name)?.test(value) ?? false)
}
