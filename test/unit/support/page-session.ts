import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { vi } from 'vitest'
import { record } from '../../record.ts'
import { HandMadeServer } from './attempts.ts'
import { type StubbedPage, stubPageForTest } from './page.ts'

/** A session in a page whose life is stubbed. */
export function start(policy: ReconnectingOptions = {}) {
  const page = stubPageForTest()
  const server = new HandMadeServer()
  const session = record(reconnecting(server.connect, { random: () => 0.5, ...policy }))
  const lastWait = () => session.events.findLast((event) => event.type === 'waiting')
  return { page, server, session, lastWait }
}

/** A session that is open and has delivered something with a place to go on from. */
export function serve(policy: ReconnectingOptions = {}, cursor: string | undefined = '7') {
  const started = start(policy)
  started.server.last.open()
  started.server.last.message('a', cursor)
  // The next look at the clock is ten seconds away, as it is at the start.
  vi.advanceTimersByTime(10_000)
  return started
}

export const longWait = { backoff: () => ({ floorMs: 40_000, spanMs: 0 }) }

type Comeback = [string, (page: StubbedPage) => void]

export const wakings: Comeback[] = [
  ['is resumed', (page) => page.resume()],
  ['is back from where it was kept', (page) => page.appear(true)],
  [
    'has slept',
    (page) => {
      page.sleep(60_000)
      vi.advanceTimersByTime(10_000)
    },
  ],
]
export const comebacks: Comeback[] = [...wakings, ['is shown', (page) => page.show()]]
