import type { Scenario } from '../scenario.ts'

/** Redirects permanently to `?to=`, with method and body (308). */
export const httpMoved: Scenario = {
  path: '/http/moved',
  readsBody: true,
  serve({ response, query }) {
    response.writeHead(308, { location: query.get('to') ?? '' }).end()
  },
}
