import type { Visit } from './scenario.ts'

/** Refuses with `?status=` the first `?times=` times, or always; without a status never. Says whether it has. */
export function isRefused({ query, nth, response }: Visit): boolean {
  const status = query.get('status')
  if (status === null || nth >= Number(query.get('times') ?? Number.POSITIVE_INFINITY)) return false
  response.writeHead(Number(status), { 'content-type': 'text/plain' }).end()
  return true
}
