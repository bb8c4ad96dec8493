import type { OutgoingHttpHeaders } from 'node:http'
import type { Scenario } from '../scenario.ts'

/**
 * A server with the CORS headers of its query: `?allow=` is Access-Control-Allow-Origin (`origin` for the origin of the
 * request), `?credentials` allows cookies, `?headers=` and `?methods=` are the lists for the preflight.
 */
export const httpCors: Scenario = {
  path: '/http/cors',
  answersPreflight: true,
  serve({ request, response, query }) {
    const allow = query.get('allow')
    const headers: OutgoingHttpHeaders = {
      vary: 'origin',
      ...(allow !== null && { 'access-control-allow-origin': allow === 'origin' ? request.headers.origin : allow }),
      ...(query.has('credentials') && { 'access-control-allow-credentials': 'true' }),
      ...(query.has('headers') && { 'access-control-allow-headers': query.get('headers') ?? '' }),
      ...(query.has('methods') && { 'access-control-allow-methods': query.get('methods') ?? '' }),
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, headers).end()
      return
    }
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end('{"read":true}')
  },
}
