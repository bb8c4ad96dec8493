import type { Scenario } from '../scenario.ts'

/** Takes what is sent to it, and has nothing to say. */
export const beacon: Scenario = {
  path: '/beacon',
  serve({ response }) {
    response.writeHead(204).end()
  },
}
