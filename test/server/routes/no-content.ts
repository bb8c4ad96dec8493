import { noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Responds with 204, which ends the stream. */
export const noContentRoute: Scenario = {
  path: '/sse/no-content',
  serve: ({ response }) => noContent(response),
}
