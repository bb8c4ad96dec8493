import { beginEventStream, lastEventId, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Responds with 401 unless the token is `?valid=`; then sends one event. */
export const authorized: Scenario = {
  path: '/sse/authorized',
  serve(visit) {
    const { request, response, query } = visit
    if (request.headers.authorization !== `Bearer ${query.get('valid')}`) {
      response.writeHead(401, { 'www-authenticate': 'Bearer', 'content-type': 'text/plain' }).end('token expired')
      return
    }
    if (lastEventId(visit) === '1') return noContent(response)
    beginEventStream(response)
    response.end('id: 1\ndata: let in\n\n')
  },
}
