import type { Scenario } from '../scenario.ts'

/** Has moved for good to the address `?to=`: what was sent is to be sent there. */
export const httpMoved: Scenario = {
  path: '/http/moved',
  readsBody: true,
  serve({ response, query }) {
    response.writeHead(308, { location: query.get('to') ?? '' }).end()
  },
}
