import type { ResolvedRequest } from './request.ts'

// Fetch Standard, "CORS-safelisted": what another origin may be sent without being asked first.
const SIMPLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST'])
const SIMPLE_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-language', 'content-language', 'range'])
const SIMPLE_TYPES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
])

/**
 * What a server of another origin has to say so that a page may make this request and read its answer. Browsers do not
 * tell a script which of it is missing; what the request needs is known here.
 *
 * @param origin The page's.
 */
export function corsAdvice({ method, headers, credentials }: ResolvedRequest, origin: string): string {
  const isIntroduced = credentials === 'include'
  const response = isIntroduced
    ? `Access-Control-Allow-Origin: ${origin} (with credentials, not *) and Access-Control-Allow-Credentials: true`
    : `Access-Control-Allow-Origin: ${origin} (or *)`
  const names = [...headers].flatMap(([name, value]) => (isSimple(name, value) ? [] : [name])).join(', ')
  const preflight = [
    ...(SIMPLE_METHODS.has(method) ? [] : [`Access-Control-Allow-Methods: ${method}`]),
    ...(names === '' ? [] : [`Access-Control-Allow-Headers: ${names}`]),
  ].join(' and ')
  const asksFirst =
    preflight === '' ? '' : ` The browser asks first (a preflight): OPTIONS must be answered 2xx with ${preflight}.`
  return `CORS may be the cause. The response needs ${response}.${asksFirst}`
}

function isSimple(name: string, value: string): boolean {
  if (name !== 'content-type') return SIMPLE_HEADERS.has(name)
  return SIMPLE_TYPES.has((value.split(';')[0] ?? '').trim().toLowerCase())
}
