import type { Scenario } from '../scenario.ts'

/** Refuses with `?status=`; with `?stall`, the body never ends. */
export const status: Scenario = {
  path: '/sse/status',
  serve({ response, query }) {
    response.writeHead(Number(query.get('status') ?? 404), {
      'content-type': 'text/plain',
      // Without it, Chromium delays the response to XHR and EventSource until it has received 512 bytes to sniff.
      'x-content-type-options': 'nosniff',
    })
    response.write('no such stream')
    if (!query.has('stall')) response.end()
  },
}
