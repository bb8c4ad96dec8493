import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { vi } from 'vitest'
import { record } from '../../record.ts'
import { HandMadeServer } from './attempts.ts'
import { type StubbedPage, stubPageForTest } from './page.ts'

/** A session on a stubbed page. */
export function start(policy: ReconnectingOptions = {}) {
  const page = stubPageForTest()
  const server = new HandMadeServer()
  const session = record(reconnecting(server.connect, { random: () => 0.5, ...policy }))
  const lastWait = () => session.events.findLast((event) => event.type === 'waiting')
  return { page, server, session, lastWait }
}

/** An open session that has delivered a message with an id. */
export function serve(policy: ReconnectingOptions = {}, cursor: string | undefined = '7') {
  const started = start(policy)
  started.server.last.open()
  started.server.last.message('a', cursor)
  // The page checks the clock every ten seconds. The next check is ten seconds away, as at the start.
  vi.advanceTimersByTime(10_000)
  return started
}

export const longWait = { backoff: () => ({ floorMs: 40_000, spanMs: 0 }) }

type Comeback = [string, (page: StubbedPage) => void]

export const wakeUps: Comeback[] = [
  ['is resumed', (page) => page.resume()],
  ['is restored from the back/forward cache', (page) => page.appear(true)],
  [
    'has slept',
    (page) => {
      page.sleep(60_000)
      vi.advanceTimersByTime(10_000)
    },
  ],
]
export const comebacks: Comeback[] = [...wakeUps, ['is shown', (page) => page.show()]]
