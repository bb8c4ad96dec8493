import { noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** 204: an answer without a body. */
export const httpEmpty: Scenario = {
  path: '/http/empty',
  serve: ({ response }) => noContent(response),
}
