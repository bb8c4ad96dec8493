import type { Scenario } from '../scenario.ts'

/** Accepts the request and never responds. */
export const silent: Scenario = {
  path: '/sse/silent',
  serve: () => {},
}
