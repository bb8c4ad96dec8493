import { memoryLogs, serveLogs, toNode } from '../../../adapters/server/index.ts'
import { PREFIX, type Scenario } from '../scenario.ts'

const handler = toNode(
  serveLogs(memoryLogs({ maxItems: 1_000 }), {
    base: `${PREFIX}/log`,
    authorize: () => true,
    cors: { origins: '*' },
    retryMs: 10,
  }),
)

/** The logs of `rxwire/server`, by path. A test makes its own with a PUT. */
export const log: Scenario = {
  path: '/log',
  isFolder: true,
  readsBody: true,
  answersPreflight: true,
  serve: ({ request, response }) => handler(request, response),
}
