import type { Visit } from './scenario.ts'

/**
 * Refuses the first `?times=` requests (default: all) with the method `?on=` (default: any) with the status `?refuse=`
 * and a Retry-After of `?seconds=`. Returns whether it refused this one.
 */
export function refuse({ request, response, query, lab, key }: Visit): boolean {
  const status = query.get('refuse')
  const method = query.get('on') ?? request.method
  if (status === null || method !== request.method) return false
  const asked = lab.of(key).seen.filter((seen) => !query.has('on') || seen.method === method).length
  if (asked > Number(query.get('times') ?? Number.POSITIVE_INFINITY)) return false
  const retryAfter = query.get('seconds')
  response.writeHead(Number(status), {
    'content-type': 'text/plain',
    ...(retryAfter !== null && { 'retry-after': retryAfter }),
  })
  response.end('not today')
  return true
}
