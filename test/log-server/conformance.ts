import { runConformanceTests } from '@durable-streams/server-conformance-tests'
import { type Logs, serveLogs, toNode } from 'rxwire/server'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Listening, startListening } from './listen.ts'

/** Runs the conformance tests of Durable Streams against a store. Left out: forks and subscriptions. */
export function conformanceOf(open: () => Logs | Promise<Logs>): void {
  const options = { baseUrl: '', longPollTimeoutMs: 3_000 }
  let logs: Logs
  let listening: Listening
  beforeAll(async () => {
    logs = await open()
    listening = await startListening(
      toNode(serveLogs(logs, { authorize: () => true, cors: { origins: '*' }, holdMs: options.longPollTimeoutMs })),
    )
    options.baseUrl = listening.url
  })
  afterAll(async () => {
    await listening.close()
    await logs.close()
  })
  beforeEach(({ task, skip }) => {
    const section = task.suite?.name ?? ''
    if (section.startsWith('Fork - ')) skip('forks are not supported')
  })
  runConformanceTests(options)
}
