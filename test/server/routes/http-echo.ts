import { createHash } from 'node:crypto'
import type { Scenario } from '../scenario.ts'

const TEXT_BYTES = 16 * 1024

/** Responds with the request: method, URL, headers, size and hash of the body, and the text of a small body. */
export const httpEcho: Scenario = {
  path: '/http/echo',
  serve({ request, response, body }) {
    const { method, url, headers } = request
    const echo = {
      method,
      url,
      headers,
      bodyLength: body.length,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      bodyText: body.length <= TEXT_BYTES ? body.toString() : undefined,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echo))
  },
}
