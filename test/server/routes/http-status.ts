import type { Scenario } from '../scenario.ts'

/**
 * Refuses the first `?times=` requests (default: all) with `?status=` (default 404), a Retry-After of `?retryAfter=`
 * (`?seconds=` in the contract suite) and a body of `?length=` characters that never ends with `?stall`. Then responds
 * with `{ "ok": true }`.
 */
export const httpStatus: Scenario = {
  path: '/http/status',
  serve({ response, query, nth }) {
    if (nth >= Number(query.get('times') ?? Number.POSITIVE_INFINITY)) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
      return
    }
    const retryAfter = query.get('retryAfter') ?? query.get('seconds')
    response.writeHead(Number(query.get('status') ?? 404), {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...(retryAfter !== null && { 'retry-after': retryAfter }),
    })
    const text = '\u2603 not today'
    response.write(query.has('length') ? text.padEnd(Number(query.get('length')), '.') : text)
    if (!query.has('stall')) response.end()
  },
}
