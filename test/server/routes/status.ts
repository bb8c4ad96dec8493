import type { Scenario } from '../scenario.ts'

/** Refuses with `?status=`; with `?stall`, the body of the refusal never ends. */
export const status: Scenario = {
  path: '/sse/status',
  serve({ response, query }) {
    response.writeHead(Number(query.get('status') ?? 404), { 'content-type': 'text/plain' })
    response.write('no such stream')
    if (!query.has('stall')) response.end()
  },
}
