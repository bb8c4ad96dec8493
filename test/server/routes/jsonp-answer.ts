import { isRefused } from '../refusing.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Calls `?callback=` (or what `?param=` names) with `?answer=`, an expression (default `'1'`), or with the
 * header that came as `?header=`; after a refusal with `?status=`, `?times=` times. `?cached` allows to keep it.
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
