import type { Scenario } from '../scenario.ts'

/** Responds with an HTML page and status 200 to a stream request, like a login or the fallback of a single-page app. */
export const html: Scenario = {
  path: '/sse/html',
  serve({ response }) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>')
  },
}
