import { isRefused } from '../refusing.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Calls `?callback=` (or the parameter that `?param=` names) with the expression `?answer=` (default `'1'`) or with the
 * value of the request header `?header=`. Refuses the first `?times=` requests with `?status=`. `?cached` allows
 * caching.
 */
export const jsonpAnswer: Scenario = {
  path: '/jsonp/answer',
  serve(visit) {
    if (isRefused(visit)) return
    const { request, response, query } = visit
    const callback = query.get(query.get('param') ?? 'callback')
    const header = query.get('header')
    const answer =
      header === null ? (query.get('answer') ?? "'1'") : JSON.stringify(String(request.headers[header] ?? ''))
    response
      .writeHead(200, {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': query.has('cached') ? 'max-age=60' : 'no-store',
      })
      .end(`${callback}(${answer})`)
  },
}
