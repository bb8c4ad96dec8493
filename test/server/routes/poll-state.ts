import type { Scenario } from '../scenario.ts'

/**
 * Responds with a state and an ETag that change with every `?changes=`-th request; 304 if the ETag matches. Request
 * number `?fails=` gets a 503, with `?status=` every request gets that status. While the key is unavailable, every
 * request gets a 503.
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
