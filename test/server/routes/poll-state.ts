import type { Scenario } from '../scenario.ts'

/**
 * A state with an ETag that changes with every `?changes=`-th request; 304 to whoever has it already. Request number
 * `?fails=` is answered 503, all of them with `?status=`; and 503 it is while the server is switched off.
 */
export const pollState: Scenario = {
  path: '/poll/state',
  serve({ request, response, query, nth, lab, key }) {
    const { unavailable } = lab.of(key)
    if (unavailable !== undefined && Date.now() < unavailable.untilMs) {
      response.writeHead(503, { 'retry-after': unavailable.retryAfter }).end('restarting')
      return
    }
    if (query.has('status')) {
      response.writeHead(Number(query.get('status'))).end()
      return
    }
    if (nth + 1 === Number(query.get('fails'))) {
      response.writeHead(503, { 'retry-after': '0' }).end('down for a moment')
      return
    }
    const version = Math.floor(nth / Number(query.get('changes') ?? 1))
    const etag = `"v${version}"`
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else response.writeHead(200, { etag, 'content-type': 'application/json' }).end(JSON.stringify({ version }))
  },
}
