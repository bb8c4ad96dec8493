import { isBlob, isStream } from '../../host-object.ts'
import type { ResolvedRequest } from '../request.ts'

// Fetch Standard, "CORS-safelisted": what another origin may be sent without being asked first.
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

/**
 * What a server of another origin has to say so that a page may make this request and read its answer. Browsers do not
 * tell a script which of it is missing; what the request needs is known here.
 *
 * @param origin The page's.
 * @param isUploadHeard Whether XHR is listened to while it sends.
 */
export function corsAdvice(request: ResolvedRequest, origin: string, isUploadHeard = false): string {
  const { method, body, credentials } = request
  const isIntroduced = credentials === 'include'
  const response = isIntroduced
    ? `Access-Control-Allow-Origin: ${origin} (with credentials, not *) and Access-Control-Allow-Credentials: true`
    : `Access-Control-Allow-Origin: ${origin} (or *)`
  const names = [...sentHeaders(request)].flatMap(([name, value]) => (isSimple(name, value) ? [] : [name])).join(', ')
  const allowed = [
    ...(SIMPLE_METHODS.has(method) ? [] : [`Access-Control-Allow-Methods: ${method}`]),
    ...(names === '' ? [] : [`Access-Control-Allow-Headers: ${names}`]),
  ].join(' and ')
  // [spec] How it is sent makes a preflight, too, though there is nothing then to be allowed.
  const isAskedFirst = allowed !== '' || isUploadHeard || isStream(body)
  const preflight = ` The browser asks first (a preflight): OPTIONS must be answered 2xx${allowed && ` with ${allowed}`}.`
  return `CORS may be the cause. The response needs ${response}.${isAskedFirst ? preflight : ''}`
}

/** A Blob brings its type with it, where no header says another. */
function sentHeaders({ headers, body }: ResolvedRequest): Headers {
  if (!isBlob(body) || body.type === '' || headers.has('content-type')) return headers
  const sent = new Headers(headers)
  sent.set('content-type', body.type)
  return sent
}

function isSimple(name: string, value: string): boolean {
  return value.length <= SIMPLE_LENGTH && (SIMPLE_HEADERS.get(name)?.test(value) ?? false)
}
