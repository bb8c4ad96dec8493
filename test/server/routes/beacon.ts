import type { Scenario } from '../scenario.ts'

/** Accepts any request with 204. */
export const beacon: Scenario = {
  path: '/beacon',
  serve({ response }) {
    response.writeHead(204).end()
  },
}
