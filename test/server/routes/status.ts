import type { Scenario } from '../scenario.ts'

/** Refuses with `?status=`; with `?stall`, the body of the refusal never ends. */
export const status: Scenario = {
  path: '/sse/status',
  serve({ response, query }) {
    response.writeHead(Number(query.get('status') ?? 404), {
      'content-type': 'text/plain',
      // Without it Chromium holds the answer back from XHR and EventSource until it has seen half a kilobyte.
      'x-content-type-options': 'nosniff',
    })
    response.write('no such stream')
    if (!query.has('stall')) response.end()
  },
}
