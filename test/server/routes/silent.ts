import type { Scenario } from '../scenario.ts'

/** Takes the request and never answers. */
export const silent: Scenario = {
  path: '/sse/silent',
  serve: () => {},
}
