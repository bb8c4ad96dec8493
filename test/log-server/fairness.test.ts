import { memoryLogs, serveLog, serveSocket, sqliteLogs } from 'rxwire/server'
import { expect, it } from 'vitest'
import { temporaryFile } from './temporary-file.ts'

const PAGES = 100
const pageItems = 50

/** Counts how often the process has a turn while `run` runs. */
async function turnsDuring(run: () => Promise<void>): Promise<number> {
  let turns = 0
  let isDone = false
  const count = () => {
    turns += 1
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  await run()
  isDone = true
  return turns
}

const stores = [
  ['memory', memoryLogs],
  ['SQLite', () => sqliteLogs(temporaryFile('feed.db'))],
] as const

it.each(stores)('a reader of %s that never has to wait leaves a turn to others after each page', async (_, open) => {
  const log = open().open<number>('numbers')
  await log.append(Array.from({ length: PAGES * pageItems }, (_, index) => index))
  const request = new Request('http://localhost/', { headers: { accept: 'text/event-stream' } })
  const response = await serveLog(log, { start: 'earliest', pageItems })(request)
  const turns = await turnsDuring(async () => {
    let pages = 0
    for await (const _ of response.body ?? []) {
      pages += 1
      if (pages === PAGES) break
    }
  })
  expect(turns).toBeGreaterThanOrEqual(PAGES - 1)
})

it('a socket that is never full leaves a turn to others after each page', async () => {
  const log = memoryLogs().open<number>('numbers')
  await log.append(Array.from({ length: PAGES * pageItems }, (_, index) => index))
  const turns = await turnsDuring(
    () =>
      new Promise((resolve) => {
        const send = (frame: string) => {
          if (JSON.parse(frame).data === PAGES * pageItems - 1) resolve()
        }
        const request = new Request('http://localhost/?offset=-1')
        const session = serveSocket(log, { bufferedAmount: 0, send, close: () => {} }, { request, pageItems })
        session.receive('')
      }),
  )
  expect(turns).toBeGreaterThanOrEqual(PAGES - 1)
})
