import type { Scenario } from '../scenario.ts'

/** A script that throws before it calls the callback, or with `?unfinished` one that does not parse. */
export const jsonpBroken: Scenario = {
  path: '/jsonp/broken',
  serve({ response, query }) {
    const call = `${query.get('callback')}('1')`
    const script = query.has('unfinished') ? `${call}; {` : `throw new Error('out of order'); ${call}`
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
  },
}
