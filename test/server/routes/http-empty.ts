import { noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Responds with 204, without a body. */
export const httpEmpty: Scenario = {
  path: '/http/empty',
  serve: ({ response }) => noContent(response),
}
