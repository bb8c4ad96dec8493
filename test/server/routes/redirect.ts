import type { Scenario } from '../scenario.ts'

/** Redirects to the feed with the same query. */
export const redirect: Scenario = {
  path: '/sse/redirect',
  serve({ request, response }) {
    const query = (request.url ?? '').split('?')[1] ?? ''
    response.writeHead(302, { location: `/wire/sse/feed?${query}` }).end()
  },
}
