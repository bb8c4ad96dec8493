import type { Scenario } from '../scenario.ts'

const ETAG = '"first"'

/** Sends a small JSON value with an ETag; 304 if the ETag matches. */
export const httpJson: Scenario = {
  path: '/http/json',
  serve({ request, response }) {
    const headers = { etag: ETAG, 'cache-control': 'no-store' }
    if (request.headers['if-none-match'] === ETAG) {
      response.writeHead(304, headers).end()
      return
    }
    const body = JSON.stringify({ name: 'Ada', born: 1815 })
    response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': body.length }).end(body)
  },
}
