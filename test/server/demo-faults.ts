import type { Caller, Visit } from './scenario.ts'

/**
 * Responds with 503 while the key is unavailable, and with 401 to an expired token. Returns whether it did. A request
 * without a token passes, unless `requiresToken` is set.
 */
export function refusedByFault(visit: Visit, { requiresToken = false } = {}): boolean {
  const { response, lab, key } = visit
  const { unavailable } = lab.of(key)
  if (unavailable !== undefined && Date.now() < unavailable.untilMs) {
    response.writeHead(503, { 'retry-after': unavailable.retryAfter, 'content-type': 'text/plain' }).end('restarting')
    return true
  }
  if (!hasExpiredToken(visit, requiresToken)) return false
  response.writeHead(401, { 'content-type': 'text/plain' }).end('the token has expired')
  return true
}

/** Whether the token in the header `Authorization` or in `?token=` is not the one that is valid now. */
export function hasExpiredToken({ request, query, lab, key }: Caller, requiresToken = false): boolean {
  const { token } = lab.of(key)
  const given = request.headers.authorization?.replace(/^Bearer /, '') ?? query.get('token')
  return token !== undefined && (requiresToken || given !== null) && given !== token
}
