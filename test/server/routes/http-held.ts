import type { Scenario } from '../scenario.ts'

/** Sends a head with `?type=` (default text/plain) and one byte, or with `?mute` nothing at all; then stays open. */
export const httpHeld: Scenario = {
  path: '/http/held',
  serve({ response, query }) {
    if (query.has('mute')) return
    response.writeHead(200, { 'content-type': query.get('type') ?? 'text/plain', 'x-content-type-options': 'nosniff' })
    response.write('.')
  },
}
