import { createHash } from 'node:crypto'
import type { Scenario } from '../scenario.ts'

const TEXT_BYTES = 16 * 1024

/** What was asked, as it came: method, url, headers and the body, which is told as text only if it is small. */
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
