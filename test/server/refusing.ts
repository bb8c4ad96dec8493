import type { Visit } from './scenario.ts'

/** Refuses the first `?times=` requests (default: all) with `?status=` (default: none). Returns whether it did. */
export function isRefused({ query, nth, response }: Visit): boolean {
  const status = query.get('status')
  if (status === null || nth >= Number(query.get('times') ?? Number.POSITIVE_INFINITY)) return false
  response.writeHead(Number(status), { 'content-type': 'text/plain' }).end()
  return true
}
