import type { Scenario } from '../scenario.ts'

/**
 * Refuses with `?status=` (default 404) `?times=` times, or always, with a Retry-After of `?retryAfter=` (the laws call
 * it `?seconds=`) and a text of `?length=` characters that with `?stall` never ends; then `{ "ok": true }`.
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
