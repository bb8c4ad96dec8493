import { noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** 204: there is nothing more to come. */
export const noContentRoute: Scenario = {
  path: '/sse/no-content',
  serve: ({ response }) => noContent(response),
}
