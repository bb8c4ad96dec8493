import type { Scenario } from '../scenario.ts'

/** The head of an answer of `?type=` (default text/plain) and its first byte, or with `?mute` not even that; then silence. */
export const httpHeld: Scenario = {
  path: '/http/held',
  serve({ response, query }) {
    if (query.has('mute')) return
    response.writeHead(200, { 'content-type': query.get('type') ?? 'text/plain', 'x-content-type-options': 'nosniff' })
    response.write('.')
  },
}
