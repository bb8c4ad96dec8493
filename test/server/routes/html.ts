import type { Scenario } from '../scenario.ts'

/** A page with status 200 where a stream was expected: what a login or a single-page app's fallback does. */
export const html: Scenario = {
  path: '/sse/html',
  serve({ response }) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>')
  },
}
