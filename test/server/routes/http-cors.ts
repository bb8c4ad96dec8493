import type { OutgoingHttpHeaders } from 'node:http'
import type { Scenario } from '../scenario.ts'

/**
 * A server that lets other origins in as its query says: `?allow=` is its Access-Control-Allow-Origin (`origin` for
 * whoever asks), `?credentials` allows cookies, `?headers=` and `?methods=` are what a preflight is told.
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
