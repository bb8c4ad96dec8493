import type { Scenario } from '../scenario.ts'

/** Responds with an HTML page, or with `?body=` of `?type=`. */
export const httpText: Scenario = {
  path: '/http/text',
  serve({ response, query }) {
    response
      .writeHead(200, { 'content-type': query.get('type') ?? 'text/html', 'x-content-type-options': 'nosniff' })
      .end(query.get('body') ?? '<!doctype html><title>Log in</title>')
  },
}
