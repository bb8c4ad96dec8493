import type { Scenario } from '../scenario.ts'

/** A script that does not call the callback. */
export const jsonpNoCall: Scenario = {
  path: '/jsonp/no-call',
  serve({ response }) {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end('window.isLoaded = true')
  },
}
